import { isTerminating } from "../../apimachinery/meta/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import { jobs, pods } from "../../api/resources.ts";
import type { Job, JobCondition, JobStatus, Pod } from "../../api/types.ts";
import { ControllerRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController, together } from "../framework/define-controller.ts";
import { owned } from "../framework/watches.ts";
import { conditionOf, newCondition } from "../workloads/conditions.ts";
import { compact, unlessZero } from "../workloads/counts.ts";
import { claim } from "../workloads/owners.ts";
import { asError } from "../workloads/pod-control.ts";
import { afterPods, noFailures, type BackoffRecord } from "./backoff.ts";
import { lookAt, untilDeadline, verdictOn, type Look } from "./look.ts";
import { deleteActive, managePods, type Managed } from "./manage.ts";
import { orphanedJobPods } from "./orphans.ts";
import { isFinished, isSuspended, TRACKING_FINALIZER } from "./pods.ts";
import { track } from "./track.ts";

const MANAGER = "kubernetes.io/job-controller";

/** Runs a Job's pods until enough of them have succeeded. */
export const jobController = (): Controller =>
  together({ name: "job-controller", alias: "job", account: "job-controller" }, jobLoop(new Map()), orphanedJobPods);

const jobLoop = (backoffs: Map<string, BackoffRecord>): Controller =>
  defineController<Job>({
    name: "job-controller",
    reconciles: jobs,
    watches: [owned<Pod, Job>(pods, ({ spec }) => spec?.selector)],
    workers: (options) => options.concurrentJobSyncs,
    rateLimiter: () => new ControllerRateLimiter({ baseMs: 1000, maxMs: 60_000 }),
    async reconcile(key, context) {
      const { client, cache, clock, step } = context;
      const job = cache.get(jobs, key);
      const uid = job?.metadata.uid ?? "";
      if (!job || isFinished(job)) {
        if (job) backoffs.delete(uid);
        return;
      }
      if (job.spec?.managedBy !== undefined && job.spec.managedBy !== MANAGER) return;
      const own = await claim({
        client,
        cache,
        ownerType: jobs,
        owner: job,
        type: pods,
        selector: job.spec?.selector,
        finalizer: TRACKING_FINALIZER,
      });
      const now = clock.now();
      const begun = begin(job, now);
      const look = step("look", { job, pods: own }, () => lookAt(job, begun, own));
      const backoff = afterPods(backoffs.get(uid) ?? noFailures, [...look.newlySucceeded, ...look.newlyFailed]);
      const verdict = verdictOn(look, begun, now);
      const done = verdict
        ? { managed: await deleteActive(context, look), verdict, status: begun }
        : await goOn(context, look, begun, backoff);
      const status = withCounts(done.status, look, done.managed);
      const changed =
        status.active !== job.status?.active ||
        status.ready !== job.status?.ready ||
        status.terminating !== job.status?.terminating ||
        status.conditions !== job.status?.conditions;
      // Pods that could not be deleted keep the Job from ending.
      const settled = done.managed.error === undefined ? done.verdict : undefined;
      await track(context, look, status, settled, changed);
      backoffs.set(uid, backoff);
      const left = untilDeadline(job, status, now);
      if (!verdict && left !== undefined && left > 0) context.again(left);
      if (done.managed.error !== undefined) throw asError(done.managed.error);
    },
  });

/** The status at the beginning of a look: a Job that is seen for the first time starts now. */
const begin = ({ status, spec }: Job, now: number): JobStatus => ({
  ...status,
  ...(status?.startTime === undefined && !spec?.suspend && { startTime: toTime(now) }),
  uncountedTerminatedPods: status?.uncountedTerminatedPods ?? {},
});

const withCounts = (status: JobStatus, look: Look, { active, ready }: Managed): JobStatus =>
  compact({ ...status, active: unlessZero(active), ready, terminating: look.ending });

/** The Job is not over: keeps its pods running, and sees whether enough have succeeded. */
const goOn = async (
  context: Reconcile,
  look: Look,
  begun: JobStatus,
  backoff: BackoffRecord,
): Promise<{ readonly managed: Managed; readonly verdict?: JobCondition; readonly status: JobStatus }> => {
  const { job } = look;
  const now = context.clock.now();
  if (isTerminating(job)) return { managed: { active: look.active.length, ready: look.ready }, status: begun };
  const managed = await managePods(context, look, backoff);
  const { completions } = job.spec ?? {};
  const isComplete = managed.active === 0 && (completions === undefined ? look.succeeded > 0 : look.succeeded >= completions);
  if (isComplete)
    return {
      managed,
      status: begun,
      verdict: newCondition("SuccessCriteriaMet", "True", "CompletionsReached", "Reached expected number of succeeded pods", now),
    };
  return { managed, status: noteSuspension(context, job, begun, now) };
};

const noteSuspension = ({ events }: Reconcile, job: Job, status: JobStatus, now: number): JobStatus => {
  const current = conditionOf(status.conditions, "Suspended");
  const suspended = isSuspended(job);
  if ((current?.status === "True") === suspended) return status;
  events.event(job, "Normal", suspended ? "Suspended" : "Resumed", suspended ? "Job suspended" : "Job resumed");
  const condition = suspended
    ? newCondition("Suspended", "True", "JobSuspended", "Job suspended", now)
    : newCondition("Suspended", "False", "JobResumed", "Job resumed", now);
  const conditions = current
    ? (status.conditions ?? []).map((known) => (known === current ? condition : known))
    : [...(status.conditions ?? []), condition];
  return { ...status, conditions, ...(!suspended && { startTime: toTime(now) }) };
};
