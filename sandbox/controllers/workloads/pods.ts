import { isTerminating } from "../../apimachinery/meta/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import type { Pod, PodCondition } from "../../api/types.ts";

export const podCondition = ({ status }: Pod, type: string): PodCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

export const isPodReady = (pod: Pod): boolean => podCondition(pod, "Ready")?.status === "True";

/** Ready for at least `minReadySeconds` (IsPodAvailable); `now` in milliseconds. */
export const isPodAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean => {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return false;
  if (minReadySeconds === 0) return true;
  const since = fromTime(ready.lastTransitionTime);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
};

/** Milliseconds until the next of the ready pods has been ready for `minReadySeconds`; undefined when none is waiting for that. */
export const nextAvailability = (pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined => {
  if (minReadySeconds === 0) return undefined;
  let next: number | undefined;
  for (const pod of pods) {
    if (!isPodReady(pod) || isPodAvailable(pod, minReadySeconds, now)) continue;
    const due = (fromTime(podCondition(pod, "Ready")!.lastTransitionTime) ?? now) + minReadySeconds * 1000 - now;
    if (next === undefined || due < next) next = due;
  }
  return next;
};

export const hasSucceeded = ({ status }: Pod): boolean => status?.phase === "Succeeded";
export const hasFailed = ({ status }: Pod): boolean => status?.phase === "Failed";
export const isTerminal = (pod: Pod): boolean => hasSucceeded(pod) || hasFailed(pod);

/** Neither ended nor being deleted (IsPodActive). */
export const isActive = (pod: Pod): boolean => !isTerminal(pod) && !isTerminating(pod);
