import { badRequest } from "../../../apimachinery/errors/constructors.ts";
import type { KubeObject } from "../../../apimachinery/meta/types.ts";

interface Named {
  readonly name: string;
}

/** A pod, as far as connecting to it needs it. */
export interface PodLike extends KubeObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly (Named & { readonly ports?: readonly { readonly containerPort: number }[] })[];
    readonly initContainers?: readonly Named[];
    readonly ephemeralContainers?: readonly Named[];
  };
  readonly status?: { readonly podIP?: string; readonly phase?: string };
}

const names = (containers: readonly Named[] | undefined): readonly string[] => (containers ?? []).map(({ name }) => name);

/** The container that is meant: the named one, or the only one. Throws 400 where that is not clear. */
export const containerOf = ({ metadata, spec }: PodLike, asked: string): string => {
  const all = [...names(spec.containers), ...names(spec.initContainers), ...names(spec.ephemeralContainers)];
  const podName = metadata.name ?? "";
  if (asked !== "") {
    if (all.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${podName}`);
  }
  const [only, ...more] = names(spec.containers);
  if (only !== undefined && more.length === 0) return only;
  const initContainers = names(spec.initContainers);
  const alternatives = initContainers.length === 0 ? "" : ` or one of the init containers: [${initContainers.join(" ")}]`;
  throw badRequest(
    `a container name must be specified for pod ${podName}, choose one of: [${names(spec.containers).join(" ")}]${alternatives}`,
  );
};
