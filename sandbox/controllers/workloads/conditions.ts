import { toTime } from "../../base/clock/clock.ts";

/** What all kinds' conditions have in common. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

export const conditionOf = <C extends Condition>(conditions: readonly C[] | undefined, type: string): C | undefined =>
  conditions?.find((condition) => condition.type === type);

export const withoutCondition = <C extends Condition>(conditions: readonly C[] | undefined, type: string): readonly C[] =>
  (conditions ?? []).filter((condition) => condition.type !== type);

/** A condition as of now; `now` in milliseconds. */
export const newCondition = (
  type: string,
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
  now: number,
): Condition => ({
  type,
  status,
  lastTransitionTime: toTime(now),
  ...(reason && { reason }),
  ...(message && { message }),
});

/**
 * The conditions with this one in place of the last of its type, put at the end. One that says the same (status and reason) stays as it was;
 * the time of transition stays where the status does.
 */
export const withCondition = <C extends Condition>(conditions: readonly C[] | undefined, condition: C): readonly C[] => {
  const current = conditionOf(conditions, condition.type);
  if (current?.status === condition.status && current.reason === condition.reason) return conditions ?? [];
  const kept = current?.status === condition.status ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition;
  return [...withoutCondition(conditions, condition.type), kept];
};
