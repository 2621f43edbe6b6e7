import type { Node, Taint } from "../../api/types.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { ClusterEvent } from "../framework/events.ts";
import { normalizeToMax, type Plugin } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import { unresolvable } from "../framework/rejection.ts";
import { discourages, repellingTaint, tolerates } from "../framework/taints.ts";

const name = "TaintToleration";

const taintsOf = (node: KubeObject | undefined): readonly Taint[] => (node as Node | undefined)?.spec?.taints ?? [];

/** A node helps when the pod tolerates it now, and did not before. */
const nodeHelps = (pod: PodInfo, { before, after }: ClusterEvent): boolean =>
  !repellingTaint(taintsOf(after), pod.tolerations) && (!before || repellingTaint(taintsOf(before), pod.tolerations) !== undefined);

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with few that merely discourage. */
export const taintToleration: Plugin = {
  name,
  retryOn: [
    { kind: "node/added", helps: nodeHelps },
    { kind: "node/taints-changed", helps: nodeHelps },
    { kind: "pod/tolerations-changed" },
  ],
  key: ({ tolerations }) => (tolerations.length === 0 ? "" : JSON.stringify(tolerations)),
  filter(pod, { taints }) {
    if (taints.length === 0) return undefined;
    const taint = repellingTaint(taints, pod.tolerations);
    return taint && unresolvable(name, `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`);
  },
  score(pod, { taints }) {
    if (taints.length === 0) return 0;
    const relevant = pod.tolerations.filter(({ effect }) => !effect || effect === "PreferNoSchedule");
    return taints.filter((taint) => discourages(taint) && !tolerates(relevant, taint)).length;
  },
  normalize: (scores) => normalizeToMax(scores, true),
};
