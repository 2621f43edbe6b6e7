import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { AnyObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client } from "../../client/client.ts";
import type { ControlPlane } from "../control-plane.ts";

/** What time is waited through for. */
export interface Condition {
  /** `node/ann condition=Ready=False`. */
  readonly text: string;
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly holds: (object: AnyObject | undefined) => boolean;
}

/**
 * Reads `pod/web-1 condition=Ready`, in the words of `kubectl wait --for`: `create`, `delete`, `condition=TYPE[=STATUS]`,
 * `jsonpath={.status.phase}=Running`. Throws 400.
 */
export const parseCondition = (text: string, namespace: string, controlPlane: ControlPlane): Condition => {
  const [, resource = "", name = "", wanted = ""] = /^\s*([^\s/]+)\/(\S+)\s+(?:(?:--)?for=)?(.+?)\s*$/.exec(text) ?? [];
  if (wanted === "") throw badRequest(`${JSON.stringify(text)} is no condition, such as "pod/web-1 condition=Ready"`);
  const type = typeNamed(resource, controlPlane);
  return { text: text.trim(), type, namespace: type.namespaced ? namespace : "", name, holds: testOf(wanted) };
};

/** Whether a condition holds now. The first look is the asking user's own, who may not be allowed to. */
export const lookerFor = async (
  { type, namespace, name, holds }: Condition,
  asUser: Client,
  { apiServer }: ControlPlane,
): Promise<() => boolean> => {
  await asUser.get(type, { ...(type.namespaced && { namespace }), name }).catch((error: unknown) => {
    if (!hasReason(error, "NotFound")) throw error;
  });
  return () => holds(apiServer.reader.get(type.group, type.resource, namespace, name));
};

const typeNamed = (word: string, { pack, apiServer }: ControlPlane): ResourceType => {
  const [resource = "", ...group] = word.toLowerCase().split(".");
  const isIt = (each: { readonly group: string; readonly names: readonly (string | undefined)[] }): boolean =>
    each.names.includes(resource) && (group.length === 0 || each.group.startsWith(group.join(".")));
  const found =
    pack.resources.find((each) =>
      isIt({ group: each.group, names: [each.resource, each.singular, each.kind.toLowerCase(), ...each.shortNames] }),
    ) ??
    apiServer.registry.all().find((each) =>
      isIt({
        group: each.group,
        names: [each.resource, each.names?.singular, each.kind.toLowerCase(), ...(each.names?.shortNames ?? [])],
      }),
    );
  if (!found) throw badRequest(`the server doesn't have a resource type ${JSON.stringify(word)}`);
  const { group: ofGroup, version, resource: plural, kind, namespaced } = found;
  return { group: ofGroup, version, resource: plural, kind, namespaced };
};

interface StatusCondition {
  readonly type?: string;
  readonly status?: string;
}

const testOf = (wanted: string): Condition["holds"] => {
  if (wanted === "create") return (object) => object !== undefined;
  if (wanted === "delete") return (object) => object === undefined;
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(wanted);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    return (object) => {
      const { conditions } = (object?.["status"] ?? {}) as { readonly conditions?: readonly StatusCondition[] };
      const found = conditions?.find((each) => each.type?.toLowerCase() === type.toLowerCase());
      return found?.status?.toLowerCase() === status.toLowerCase();
    };
  }
  const path = /^jsonpath=['"]?\{?\.?([^{}'"=]+)\}?['"]?(?:=(.*))?$/.exec(wanted);
  if (!path) throw badRequest(`${JSON.stringify(wanted)} is none of create, delete, condition=TYPE[=STATUS], jsonpath={PATH}[=VALUE]`);
  const steps = (path[1] ?? "").split(/[.[\]]+/).filter((step) => step !== "");
  const value = path[2]?.replace(/^(['"])(.*)\1$/, "$2");
  return (object) => {
    const found = steps.reduce<unknown>(
      (at, step) => (typeof at === "object" && at !== null && Object.hasOwn(at, step) ? (at as Record<string, unknown>)[step] : undefined),
      object,
    );
    if (value === undefined) return found !== undefined;
    return (typeof found === "string" ? found : JSON.stringify(found)) === value;
  };
};
