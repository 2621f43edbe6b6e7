import type { Plugin } from "../framework/plugin.ts";
import { unresolvable } from "../framework/rejection.ts";

const name = "SchedulingGates";

/** Keeps pods with scheduling gates out of the queue. */
export const schedulingGates: Plugin = {
  name,
  retryOn: [{ kind: "pod/gates-eliminated", helps: (pod, { after }) => after?.metadata.uid === pod.uid }],
  preEnqueue({ spec }) {
    const gates = spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    return unresolvable(name, `waiting for scheduling gates: [${gates.map((gate) => gate.name).join(" ")}]`);
  },
};
