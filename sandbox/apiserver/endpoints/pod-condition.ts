import type { PodCondition, PodStatus } from "../../api/types.ts";

/** A pod's status with a condition in it; the transition time moves only when its status does (UpdatePodCondition). */
export const withCondition = (
  status: PodStatus | undefined,
  condition: Omit<PodCondition, "lastTransitionTime">,
  now: string,
): PodStatus => {
  const conditions = status?.conditions ?? [];
  const previous = conditions.find(({ type }) => type === condition.type);
  const lastTransitionTime = previous?.status === condition.status ? (previous.lastTransitionTime ?? now) : now;
  const next = { lastProbeTime: null, lastTransitionTime, ...condition } as PodCondition;
  return { ...status, conditions: previous ? conditions.map((each) => (each === previous ? next : each)) : [...conditions, next] };
};
