import type { Job, JobCondition, JobStatus, Pod } from "../../api/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import { conditionOf, newCondition, type Condition } from "../workloads/conditions.ts";
import { hasSucceeded, isActive, isPodReady } from "../workloads/pods.ts";
import { matchFailurePolicy } from "./failure-policy.ts";
import { indexOf, Indexes } from "./indexes.ts";
import { countsAsFailed, finishedAt, hasLimitPerIndex, isEnding, isIndexed, isSuspended, isTracked } from "./pods.ts";

export const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
export const INDEX_IGNORED_FAILURES = "batch.kubernetes.io/job-index-ignored-failure-count";

/** Everything that one look at a Job and its pods finds. */
export interface Look {
  readonly job: Job;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly ready: number;
  readonly ending: number;
  /** Pods that ended and are not in the status yet. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
  /** Indexes that the status has, and those with what ended since. */
  readonly countedIndexes: Indexes;
  readonly succeededIndexes: Indexes;
  readonly failedIndexes: Indexes | undefined;
  /** The last failed pod of an index that waits to be tried again: it keeps the count of failures. */
  readonly lastFailedOf: ReadonlyMap<number, Pod>;
}

export const lookAt = (job: Job, status: JobStatus, pods: readonly Pod[]): Look => {
  const completions = job.spec?.completions ?? 0;
  const active = pods.filter(isActive);
  const uncounted = status.uncountedTerminatedPods;
  const isValid = (pod: Pod): boolean => isTracked(pod) && (!isIndexed(job) || (indexOf(pod) ?? Infinity) < completions);
  const isNew = (pod: Pod, known: readonly string[] | undefined): boolean => isValid(pod) && !known?.includes(pod.metadata.uid ?? "");
  const newlySucceeded = pods.filter((pod) => hasSucceeded(pod) && isNew(pod, uncounted?.succeeded));
  const newlyFailed = pods.filter((pod) => countsAsFailed(pod, job) && isNew(pod, uncounted?.failed));
  const counted = newlyFailed.filter((pod) => matchFailurePolicy(job, pod).counts).length;

  const countedIndexes = isIndexed(job) ? Indexes.parse(status.completedIndexes, completions) : Indexes.none;
  const ended = pods.filter((pod) => hasSucceeded(pod) && isTracked(pod)).map(indexOf);
  const succeededIndexes = isIndexed(job)
    ? countedIndexes.with(ended.filter((index) => index !== undefined && index < completions) as number[])
    : Indexes.none;
  const failedIndexes = hasLimitPerIndex(job) ? failedIndexesOf(job, status, pods.filter(isValid)) : undefined;
  return {
    job,
    pods,
    active,
    ready: active.filter(isPodReady).length,
    ending: pods.filter(isEnding).length,
    newlySucceeded,
    newlyFailed,
    succeeded: isIndexed(job)
      ? succeededIndexes.total
      : (status.succeeded ?? 0) + newlySucceeded.length + (uncounted?.succeeded?.length ?? 0),
    failed: (status.failed ?? 0) + counted + (uncounted?.failed?.length ?? 0),
    countedIndexes,
    succeededIndexes,
    failedIndexes,
    lastFailedOf: failedIndexes ? lastFailed(job, pods.filter(isValid), active, succeededIndexes, failedIndexes) : new Map(),
  };
};

export const failuresOf = ({ metadata }: Pod): number => Number(metadata.annotations?.[INDEX_FAILURES] ?? 0);
export const ignoredFailuresOf = ({ metadata }: Pod): number => Number(metadata.annotations?.[INDEX_IGNORED_FAILURES] ?? 0);

const failedIndexesOf = (job: Job, status: JobStatus, pods: readonly Pod[]): Indexes => {
  const limit = job.spec.backoffLimitPerIndex!;
  const failed = pods.filter((pod) => {
    if (!countsAsFailed(pod, job)) return false;
    const { action, counts } = matchFailurePolicy(job, pod);
    return action === "FailIndex" || (counts && failuresOf(pod) >= limit);
  });
  return Indexes.parse(status.failedIndexes, job.spec.completions ?? 0).with(failed.map((pod) => indexOf(pod)!));
};

const lastFailed = (
  job: Job,
  pods: readonly Pod[],
  active: readonly Pod[],
  succeeded: Indexes,
  failed: Indexes,
): ReadonlyMap<number, Pod> => {
  const running = new Set(active.map(indexOf));
  const last = new Map<number, Pod>();
  for (const pod of pods) {
    const index = indexOf(pod)!;
    if (!countsAsFailed(pod, job) || running.has(index) || succeeded.has(index) || failed.has(index)) continue;
    const before = last.get(index);
    const isLater =
      !before ||
      (failuresOf(before) + ignoredFailuresOf(before) <= failuresOf(pod) + ignoredFailuresOf(pod) && finishedAt(pod) >= finishedAt(before));
    if (isLater) last.set(index, pod);
  }
  return last;
};

/** Why the Job is over, as the interim condition that stands until its pods are gone; undefined while it goes on; `now` in milliseconds. */
export const verdictOn = (look: Look, status: JobStatus, now: number): JobCondition | undefined => {
  const { job } = look;
  const standing = conditionOf(status.conditions, "SuccessCriteriaMet") ?? conditionOf(status.conditions, "FailureTarget");
  if (standing) return standing;
  const failing = (reason: string, message: string): Condition => newCondition("FailureTarget", "True", reason, message, now);
  const byPolicy = look.pods
    .filter((pod) => countsAsFailed(pod, job))
    .map((pod) => matchFailurePolicy(job, pod).failJob)
    .find((why) => why !== undefined);
  if (byPolicy !== undefined) return failing("PodFailurePolicy", byPolicy);
  if (look.failed > (job.spec?.backoffLimit ?? 6) || restartsExceed(job, look.pods))
    return failing("BackoffLimitExceeded", "Job has reached the specified backoff limit");
  const left = untilDeadline(job, status, now);
  if (left !== undefined && left <= 0) return failing("DeadlineExceeded", "Job was active longer than specified deadline");
  if (!isIndexed(job)) return undefined;
  const { failedIndexes, succeededIndexes } = look;
  if (failedIndexes) {
    const most = job.spec?.maxFailedIndexes;
    if (most !== undefined && failedIndexes.total > most)
      return failing("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
    if (failedIndexes.total > 0 && failedIndexes.total + succeededIndexes.total >= (job.spec?.completions ?? 0))
      return failing("FailedIndexes", "Job has failed indexes");
  }
  const rule = matchingSuccessRule(job, succeededIndexes);
  return rule === undefined
    ? undefined
    : newCondition("SuccessCriteriaMet", "True", "SuccessPolicy", `Matched rules at index ${rule}`, now);
};

/** Milliseconds until the Job's deadline; undefined where it has none, or stands still. */
export const untilDeadline = (job: Job, status: JobStatus, now: number): number | undefined => {
  const seconds = job.spec?.activeDeadlineSeconds;
  const started = fromTime(status.startTime);
  return seconds === undefined || started === undefined || isSuspended(job) ? undefined : started + seconds * 1000 - now;
};

/** Pods that are restarted where they are: their restarts count (pastBackoffLimitOnFailure). */
const restartsExceed = (job: Job, pods: readonly Pod[]): boolean => {
  if (job.spec?.template.spec?.restartPolicy !== "OnFailure") return false;
  const alive = pods.filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending");
  const restarts = alive
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  const limit = job.spec.backoffLimit ?? 6;
  return limit === 0 ? restarts > 0 : restarts >= limit;
};

const matchingSuccessRule = (job: Job, succeeded: Indexes): number | undefined => {
  const rules = job.spec?.successPolicy?.rules ?? [];
  if (succeeded.total === 0) return undefined;
  const at = rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.total >= succeededCount;
    const required = Indexes.parse(succeededIndexes, job.spec.completions ?? 0);
    return succeeded.common(required) >= (succeededCount ?? required.total);
  });
  return at < 0 ? undefined : at;
};
