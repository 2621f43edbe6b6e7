import type { Node } from "../../../api/types.ts";
import { isSameJson } from "../../registry/json.ts";
import { refused } from "../refusal.ts";
import type { Judge } from "./node-restriction.ts";

type Labels = Readonly<Record<string, string>>;

/** Labels within Kubernetes' own domains that a kubelet may give its node (kubeletapis.IsKubeletLabel). */
const kubeletLabels: ReadonlySet<string> = new Set([
  "kubernetes.io/hostname",
  "topology.kubernetes.io/zone",
  "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/region",
  "beta.kubernetes.io/instance-type",
  "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/os",
  "beta.kubernetes.io/arch",
  "kubernetes.io/os",
  "kubernetes.io/arch",
]);

/** A kubelet changes its own node, but neither its taints nor labels that others trust. */
export const judgeNode: Judge = (_context, attributes, node) => {
  const { operation, subresource, name } = attributes;
  const quoted = JSON.stringify(node);
  const next = attributes.object as unknown as Node | undefined;
  const asked = name === "" ? (next?.metadata.name ?? "") : name;
  const refuse = (why: string): never => {
    throw refused(attributes, `node ${quoted} is not allowed to ${why}`);
  };
  if (operation === "CREATE" && subresource === "") {
    const forbidden = forbiddenLabels(changedLabels({}, next?.metadata.labels ?? {}));
    if (asked !== node) refuse(`modify node ${JSON.stringify(asked)}`);
    if (next?.spec?.configSource) refuse("set spec.configSource");
    if (forbidden.length > 0) refuse(`set the following labels: ${forbidden.join(", ")}`);
    if ((next?.metadata.ownerReferences ?? []).length > 0) refuse("set ownerReferences");
    return;
  }
  if (asked !== node) refuse(`modify node ${JSON.stringify(asked)}`);
  if (operation !== "UPDATE" || !next) return;
  const previous = attributes.oldObject as unknown as Node;
  if (!isSameJson(previous.spec?.taints ?? [], next.spec?.taints ?? [])) refuse("modify taints");
  const forbidden = forbiddenLabels(changedLabels(previous.metadata.labels ?? {}, next.metadata.labels ?? {}));
  if (forbidden.length > 0) refuse(`modify labels: ${forbidden.join(", ")}`);
  if (!isSameJson(previous.metadata.ownerReferences ?? [], next.metadata.ownerReferences ?? [])) refuse("modify ownerReferences");
};

const changedLabels = (before: Labels, after: Labels): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => before[key] !== after[key]).sort();

const forbiddenLabels = (keys: readonly string[]): readonly string[] => keys.filter(isForbidden);

const isForbidden = (key: string): boolean => {
  const slash = key.indexOf("/");
  const domain = slash < 0 ? "" : key.slice(0, slash);
  const within = (parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
  if (within("node-restriction.kubernetes.io")) return true;
  if (!within("kubernetes.io") && !within("k8s.io")) return false;
  return !kubeletLabels.has(key) && !within("kubelet.kubernetes.io") && !within("node.kubernetes.io");
};
