import type { Pod } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";

/** RFC 3339 without fractions, as metav1.Time is written. */
export const timeText = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/** A gated pod says so from the start (applySchedulingGatedCondition). */
export const addGatedCondition = ({ spec, status }: Draft<Pod>, now: number): void => {
  if (!spec.schedulingGates?.length || !status) return;
  status.conditions = [
    {
      type: "PodScheduled",
      status: "False",
      lastTransitionTime: timeText(now),
      reason: "SchedulingGated",
      message: "Scheduling is blocked due to non-empty scheduling gates",
    },
  ];
};
