import type { AnyObject } from "../../apimachinery/meta/types.ts";

/** The namespaces that every cluster has. */
export const systemNamespaces = (): readonly AnyObject[] =>
  ["default", "kube-node-lease", "kube-public", "kube-system"].map((name) => ({ kind: "Namespace", apiVersion: "v1", metadata: { name } }));

/** The priority classes of what keeps a cluster alive. */
export const systemPriorityClasses = (): readonly AnyObject[] => [
  priorityClass("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node."),
  priorityClass(
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ),
];

const priorityClass = (name: string, value: number, description: string): AnyObject => ({
  kind: "PriorityClass",
  apiVersion: "scheduling.k8s.io/v1",
  metadata: { name },
  value,
  description,
});
