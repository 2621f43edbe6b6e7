import type { Container, Pod, ResourceFieldSelector } from "../../api/types.ts";
import { quantityOf } from "../../apimachinery/quantity/parse.ts";

/** What the downward API knows besides the pod's own object. */
export interface NodeFacts {
  readonly nodeName: string;
  readonly hostIPs: readonly string[];
  readonly podIPs: readonly string[];
  /** Milli-CPUs and bytes of the node's allocatable, which stand for limits that are not set. */
  readonly allocatable: Readonly<Record<string, number>>;
}

const sortedLines = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");

/** A pod's field by its path ("Expose Pod Information … Through Environment Variables" and "… Files"). Undefined: no such field. */
export const podField = (pod: Pod, path: string, facts: NodeFacts): string | undefined => {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  switch (path) {
    case "metadata.name":
      return pod.metadata.name ?? "";
    case "metadata.namespace":
      return pod.metadata.namespace ?? "";
    case "metadata.uid":
      return pod.metadata.uid ?? "";
    case "metadata.labels":
      return sortedLines(pod.metadata.labels);
    case "metadata.annotations":
      return sortedLines(pod.metadata.annotations);
    case "spec.nodeName":
      return facts.nodeName;
    case "spec.serviceAccountName":
      return pod.spec?.serviceAccountName ?? "";
    case "status.hostIP":
      return facts.hostIPs[0] ?? "";
    case "status.hostIPs":
      return facts.hostIPs.join(",");
    case "status.podIP":
      return facts.podIPs[0] ?? "";
    case "status.podIPs":
      return facts.podIPs.join(",");
    default:
      return undefined;
  }
};

/** A container's request or limit, in units of the divisor, rounded up. Undefined: no such resource field. */
export const resourceField = (
  pod: Pod,
  container: Container,
  { resource, divisor, containerName }: ResourceFieldSelector,
  facts: NodeFacts,
): string | undefined => {
  const [kind, ...rest] = resource.split(".");
  const name = rest.join(".");
  if ((kind !== "limits" && kind !== "requests") || name === "") return undefined;
  const of = containerName
    ? [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === containerName)
    : container;
  const resources = of?.resources;
  const said = kind === "limits" ? resources?.limits?.[name] : (resources?.requests?.[name] ?? resources?.limits?.[name]);
  const unit = divisor === undefined || divisor === "0" ? 1 : quantityOf(divisor).milliValue() / 1000;
  const milli = said !== undefined ? quantityOf(said).milliValue() : kind === "limits" ? milliAllocatable(name, facts) : 0;
  return String(Math.ceil(milli / 1000 / (unit || 1)));
};

const milliAllocatable = (name: string, { allocatable }: NodeFacts): number =>
  name === "cpu" ? (allocatable["cpu"] ?? 0) : (allocatable[name] ?? 0) * 1000;
