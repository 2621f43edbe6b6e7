import { isTerminating } from "../../apimachinery/meta/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import type { Job, Pod } from "../../api/types.ts";
import { conditionOf } from "../workloads/conditions.ts";
import { hasFailed, hasSucceeded, isTerminal, podCondition } from "../workloads/pods.ts";

/** Keeps a pod from going before the Job has counted it. */
export const TRACKING_FINALIZER = "batch.kubernetes.io/job-tracking";

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(TRACKING_FINALIZER) ?? false;

export const isFinished = ({ status }: Job): boolean =>
  conditionOf(status?.conditions, "Complete")?.status === "True" || conditionOf(status?.conditions, "Failed")?.status === "True";

export const isIndexed = ({ spec }: Job): boolean => spec?.completionMode === "Indexed";
export const isSuspended = ({ spec }: Job): boolean => spec?.suspend === true;
export const hasLimitPerIndex = (job: Job): boolean => isIndexed(job) && job.spec?.backoffLimitPerIndex !== undefined;

/** Whether pods are replaced only once they have failed for good, not while they are being deleted. */
export const replacesFailedOnly = ({ spec }: Job): boolean => spec?.podReplacementPolicy === "Failed";

/** A pod that is deleted counts as failed, unless its end is waited for. */
export const countsAsFailed = (pod: Pod, job: Job): boolean =>
  hasFailed(pod) || (!replacesFailedOnly(job) && isTerminating(pod) && !hasSucceeded(pod));

export const isEnding = (pod: Pod): boolean => !isTerminal(pod) && isTerminating(pod);

/** When a pod ended, in milliseconds since the epoch (getFinishedTime). */
export const finishedAt = (pod: Pod): number => {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) => fromTime(state?.terminated?.finishedAt));
  if (ends.length > 0 && ends.every((end) => end !== undefined)) return Math.max(...ends);
  const deleted = fromTime(pod.metadata.deletionTimestamp);
  if (deleted !== undefined) return deleted - (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  const ready = podCondition(pod, "Ready");
  return (
    (ready?.status === "False" ? fromTime(ready.lastTransitionTime) : undefined) ??
    fromTime(pod.metadata.creationTimestamp ?? undefined) ??
    0
  );
};
