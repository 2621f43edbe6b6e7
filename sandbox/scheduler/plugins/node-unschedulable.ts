import type { Plugin } from "../framework/plugin.ts";
import { unresolvable } from "../framework/rejection.ts";
import { tolerates } from "../framework/taints.ts";

const name = "NodeUnschedulable";
const cordon = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
const rejection = unresolvable(name, "node(s) were unschedulable");

/** Keeps pods off cordoned nodes, unless they tolerate the taint that stands for it. */
export const nodeUnschedulable: Plugin = {
  name,
  retryOn: [{ kind: "node/added" }, { kind: "node/taints-changed" }, { kind: "pod/tolerations-changed" }],
  key: ({ tolerations }) => (tolerates(tolerations, cordon) ? "tolerates" : ""),
  filter: (pod, { node }) => (node?.spec?.unschedulable && !tolerates(pod.tolerations, cordon) ? rejection : undefined),
};
