import { normalizeToMax, type Plugin } from "../framework/plugin.ts";
import { unresolvable } from "../framework/rejection.ts";
import { discourages, repellingTaint, tolerates } from "../framework/taints.ts";

const name = "TaintToleration";

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with few that merely discourage. */
export const taintToleration: Plugin = {
  name,
  retryOn: [
    {
      kind: "node/added",
      helps: (pod, _event, cluster) => cluster.nodes.some(({ taints }) => !repellingTaint(taints, pod.tolerations)),
    },
    { kind: "node/taints-changed" },
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
