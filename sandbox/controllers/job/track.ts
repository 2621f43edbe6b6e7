import { isTerminating } from "../../apimachinery/meta/types.ts";
import { jobs } from "../../api/resources.ts";
import type { Job, JobCondition, JobStatus, Pod } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { conditionOf, newCondition } from "../workloads/conditions.ts";
import { compact, unlessZero } from "../workloads/counts.ts";
import { hasSucceeded } from "../workloads/pods.ts";
import { matchFailurePolicy } from "./failure-policy.ts";
import { indexOf } from "./indexes.ts";
import type { Look } from "./look.ts";
import { dropFinalizer } from "./manage.ts";
import { countsAsFailed, hasLimitPerIndex, isIndexed, isTracked } from "./pods.ts";

/** So many pods are counted at a time: their uids stand in the status meanwhile. */
const MOST_UNCOUNTED = 500;

/**
 * Counts pods that ended, each exactly once: first its uid goes into the status, then its finalizer is removed, then the uid becomes one more
 * in the count (trackJobStatusAndRemoveFinalizers). When all are counted, a Job that is over says so.
 */
export const track = async (
  context: Reconcile,
  look: Look,
  before: JobStatus,
  verdict: JobCondition | undefined,
  mustWrite: boolean,
): Promise<void> => {
  const { job } = look;
  let status = before;
  let changed = mustWrite;
  const held = new Set(look.pods.filter(isTracked).map(({ metadata }) => metadata.uid ?? ""));
  const cleaned = settleCounts(status, held);
  if (cleaned) [status, changed] = [cleaned, true];

  const counted = countEnded(look, status, verdict);
  if (counted.changed) [status, changed] = [counted.status, true];
  if (isIndexed(job)) {
    const completedIndexes = look.countedIndexes.with(counted.newIndexes).toString();
    const failedIndexes = look.failedIndexes?.toString();
    if (completedIndexes !== (status.completedIndexes ?? "") || failedIndexes !== status.failedIndexes) changed = true;
    status = compact({
      ...status,
      completedIndexes: completedIndexes || undefined,
      failedIndexes,
      succeeded: unlessZero(look.countedIndexes.with(counted.newIndexes).total),
    });
  }
  if (verdict && !conditionOf(status.conditions, verdict.type)) {
    status = { ...status, conditions: [...(status.conditions ?? []), verdict] };
    changed = true;
  }
  let current = job;
  const write = async (): Promise<void> => {
    current = await context.client.updateStatus(jobs, { ...current, status });
    changed = false;
  };
  if (changed) await write();
  const results = await Promise.allSettled(counted.release.map((pod) => dropFinalizer(context, pod)));
  for (const [at, result] of results.entries()) if (result.status === "fulfilled") held.delete(counted.release[at]!.metadata.uid ?? "");
  const settled = settleCounts(status, held);
  if (settled) [status, changed] = [settled, true];

  const failure = results.find((result) => result.status === "rejected");
  const finished = failure || counted.isPartial ? undefined : finish(status, verdict, context.clock.now());
  if (finished) [status, changed] = [finished.status, true];
  if (changed) await write();
  if (failure) throw failure.reason;
  if (finished) tellOfEnd(context, current, finished.condition);
  if (counted.isPartial) context.again(0);
};

/** The status without the uids whose pods have been let go: they are in the counts now. Undefined where nothing changes. */
const settleCounts = (status: JobStatus, held: ReadonlySet<string>): JobStatus | undefined => {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const [stillSucceeded, stillFailed] = [succeeded.filter((uid) => held.has(uid)), failed.filter((uid) => held.has(uid))];
  const [newSuccesses, newFailures] = [succeeded.length - stillSucceeded.length, failed.length - stillFailed.length];
  if (newSuccesses + newFailures === 0) return undefined;
  return compact({
    ...status,
    succeeded: unlessZero((status.succeeded ?? 0) + newSuccesses),
    failed: unlessZero((status.failed ?? 0) + newFailures),
    uncountedTerminatedPods: uncounted(stillSucceeded, stillFailed),
  });
};

const uncounted = (succeeded: readonly string[], failed: readonly string[]) => ({
  ...(succeeded.length > 0 && { succeeded }),
  ...(failed.length > 0 && { failed }),
});

/** Which pods may be let go, and what they add to the status. */
const countEnded = (look: Look, status: JobStatus, verdict: JobCondition | undefined) => {
  const { job } = look;
  const completions = job.spec?.completions ?? 0;
  const hasFailed = verdict?.type === "FailureTarget";
  const succeeded = [...(status.uncountedTerminatedPods?.succeeded ?? [])];
  const failed = [...(status.uncountedTerminatedPods?.failed ?? [])];
  const newIndexes: number[] = [];
  const release: Pod[] = [];
  let changed = false;
  let isPartial = false;
  const ordered = isIndexed(job) ? look.pods.toSorted((a, b) => (indexOf(a) ?? -1) - (indexOf(b) ?? -1)) : look.pods;
  for (const pod of ordered) {
    const uid = pod.metadata.uid ?? "";
    const isFailed = countsAsFailed(pod, job);
    if (!isTracked(pod) || !mayRelease(look, pod, isFailed, hasFailed)) continue;
    release.push(pod);
    const index = indexOf(pod);
    const hasPlace = !isIndexed(job) || (index !== undefined && index < completions);
    if (hasSucceeded(pod) && !failed.includes(uid)) {
      if (isIndexed(job)) {
        if (hasPlace && !look.countedIndexes.has(index!)) newIndexes.push(index!);
      } else if (!succeeded.includes(uid)) succeeded.push(uid);
      changed = true;
    } else if ((isFailed || hasFailed) && hasPlace && !failed.includes(uid) && matchFailurePolicy(job, pod).counts) {
      failed.push(uid);
      changed = true;
    }
    if (newIndexes.length + succeeded.length + failed.length >= MOST_UNCOUNTED) {
      isPartial = true;
      break;
    }
  }
  return { release, newIndexes, changed, isPartial, status: { ...status, uncountedTerminatedPods: uncounted(succeeded, failed) } };
};

const mayRelease = ({ job, lastFailedOf }: Look, pod: Pod, isFailed: boolean, jobFailed: boolean): boolean => {
  if (isTerminating(job) || jobFailed || hasSucceeded(pod)) return true;
  if (!isFailed) return false;
  const index = indexOf(pod);
  return !(hasLimitPerIndex(job) && index !== undefined && lastFailedOf.get(index)?.metadata.uid === pod.metadata.uid);
};

/** The last word on a Job: when every pod is counted, and none is still ending. */
const finish = (
  status: JobStatus,
  verdict: JobCondition | undefined,
  now: number,
): { readonly status: JobStatus; readonly condition: JobCondition } | undefined => {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (!verdict || succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return undefined;
  const type = verdict.type === "SuccessCriteriaMet" ? "Complete" : "Failed";
  const condition = newCondition(type, "True", verdict.reason ?? "", verdict.message ?? "", now);
  const conditions = [...(status.conditions ?? []).filter((known) => known.type !== type), condition];
  return { status: { ...status, conditions, ...(type === "Complete" && { completionTime: condition.lastTransitionTime }) }, condition };
};

const tellOfEnd = ({ events }: Reconcile, job: Job, { type, reason = "", message = "" }: JobCondition): void => {
  if (type === "Failed") return events.event(job, "Warning", reason, message);
  const { completions } = job.spec ?? {};
  if (completions !== undefined && (job.status?.succeeded ?? 0) > completions) {
    events.event(job, "Warning", "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
  }
  events.event(job, "Normal", "Completed", "Job completed");
};
