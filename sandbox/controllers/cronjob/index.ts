import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { controllerOf, isTerminating } from "../../apimachinery/meta/types.ts";
import { fromTime, toTime } from "../../base/clock/clock.ts";
import { cronJobs, jobs } from "../../api/resources.ts";
import type { CronJob, CronJobStatus, Job, ObjectReference } from "../../api/types.ts";
import { referenceTo } from "../../client/events/reference.ts";
import type { Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { owned } from "../framework/watches.ts";
import { controllerReference, placeOf } from "../workloads/owners.ts";
import { isNamespaceTerminating, wordsOf } from "../workloads/pod-control.ts";
import { endOf, surplusHistory } from "./history.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";
import { missedTimes, untilNext } from "./timing.ts";
import { WallClock } from "./wall-clock.ts";

const SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** Starts Jobs on schedule. */
export const cronJobController = defineController<CronJob>({
  name: "cronjob-controller",
  alias: "cronjob",
  reconciles: cronJobs,
  watches: [owned<Job>(jobs)],
  workers: (options) => options.concurrentCronJobSyncs,
  async reconcile(key, context) {
    const { client, cache, clock } = context;
    const cronJob = cache.get(cronJobs, key);
    if (!cronJob) return;
    const own = cache.controlledBy(jobs, cronJob).filter((job) => controllerOf(job)?.kind === "CronJob");
    const run = new CronRun(context, cronJob);
    for (const job of surplusHistory(cronJob, own)) await run.remove(job);
    run.countJobs(own);
    try {
      if (!isTerminating(cronJob) && !cronJob.spec?.suspend) await startIfDue(context, run, clock.now());
    } finally {
      if (!isSemanticallyEqual(run.status, cronJob.status ?? {})) await client.updateStatus(cronJobs, { ...cronJob, status: run.status });
    }
  },
});

/** One look at a CronJob, and the status that comes of it. */
class CronRun {
  readonly context: Reconcile;
  readonly cronJob: CronJob;
  status: CronJobStatus;

  constructor(context: Reconcile, cronJob: CronJob) {
    this.context = context;
    this.cronJob = cronJob;
    this.status = cronJob.status ?? {};
  }

  get active(): readonly ObjectReference[] {
    return this.status.active ?? [];
  }

  say(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.event(this.cronJob, type, reason, message);
  }

  forget(uid: string | undefined): void {
    const active = this.active.filter((reference) => reference.uid !== uid);
    this.status = { ...this.status, active: active.length > 0 ? active : undefined };
  }

  /** Brings the list of active Jobs up to date. */
  countJobs(own: readonly Job[]): void {
    const known = new Set(own.map(({ metadata }) => metadata.uid));
    for (const job of own) {
      const { name = "", uid } = job.metadata;
      const isListed = this.active.some((reference) => reference.uid === uid);
      const end = endOf(job);
      if (!isListed && end === undefined)
        this.say("Warning", "UnexpectedJob", `Saw a job that the controller did not create or forgot: ${name}`);
      else if (isListed && end !== undefined) {
        this.forget(uid);
        this.say("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`);
      }
      const completed = end === "Complete" ? job.status?.completionTime : undefined;
      if (completed !== undefined && (fromTime(this.status.lastSuccessfulTime) ?? 0) < fromTime(completed)!)
        this.status = { ...this.status, lastSuccessfulTime: completed };
    }
    for (const { uid, name = "" } of this.active) {
      if (known.has(uid ?? "")) continue;
      this.say("Normal", "MissingJob", `Active job went missing: ${name}`);
      this.forget(uid);
    }
  }

  async remove(job: Job): Promise<void> {
    const name = job.metadata.name ?? "";
    try {
      await this.context.client.delete(jobs, placeOf(job), { propagationPolicy: "Background" });
    } catch (error) {
      if (!hasReason(error, "NotFound")) {
        this.say("Warning", "FailedDelete", `Deleted job: ${wordsOf(error)}`);
        throw error;
      }
    }
    this.forget(job.metadata.uid);
    this.say("Normal", "SuccessfulDelete", `Deleted job ${name}`);
  }
}

const startIfDue = async (context: Reconcile, run: CronRun, now: number): Promise<void> => {
  const { cronJob } = run;
  const { schedule: text, timeZone, startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec;
  const schedule = readSchedule(run, text, timeZone);
  if (!schedule) return;
  const later = (): void => {
    const wait = untilNext({ ...cronJob, status: run.status }, schedule, now);
    if (wait !== undefined) context.again(wait);
  };
  let due: number | undefined;
  try {
    const missed = missedTimes(cronJob, schedule, now, true);
    if (missed.count === "many")
      run.say(
        "Warning",
        "TooManyMissedTimes",
        "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew",
      );
    due = missed.latest;
  } catch (error) {
    run.say("Warning", "InvalidSchedule", `invalid schedule: ${text} : ${wordsOf(error)}`);
    return;
  }
  if (due === undefined) {
    later();
    return;
  }
  if (startingDeadlineSeconds !== undefined && due + startingDeadlineSeconds * 1000 < now) {
    run.say("Warning", "MissSchedule", `Missed scheduled time to start a job: ${rfc1123z(due)}`);
    later();
    return;
  }
  const name = `${cronJob.metadata.name ?? ""}-${Math.floor(due / 60_000)}`;
  if (run.active.some((reference) => reference.name === name) || fromTime(run.status.lastScheduleTime) === due) {
    later();
    return;
  }
  if (concurrencyPolicy === "Forbid" && run.active.length > 0) {
    run.say("Normal", "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
    later();
    return;
  }
  if (concurrencyPolicy === "Replace") {
    for (const { namespace, name: running = "" } of run.active) {
      const job = context.cache.get(jobs, `${namespace ?? ""}/${running}`);
      if (job) await run.remove(job);
    }
  }
  const job = await startJob(context, run, jobFor(cronJob, name, due, timeZone));
  if (!job) return;
  run.status = { ...run.status, active: [...run.active, referenceTo(job)], lastScheduleTime: toTime(due) };
  later();
};

const readSchedule = (run: CronRun, text: string, timeZone: string | undefined): Schedule | undefined => {
  try {
    return parseSchedule(text, timeZone);
  } catch (error) {
    if (error instanceof RangeError)
      run.say("Warning", "UnknownTimeZone", `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone ?? ""}`);
    else run.say("Warning", "UnparseableSchedule", `unparseable schedule: ${JSON.stringify(text)} : ${wordsOf(error)}`);
    return undefined;
  }
};

const startJob = async ({ client }: Reconcile, run: CronRun, wanted: Job): Promise<Job | undefined> => {
  try {
    const created = await client.create(jobs, wanted);
    run.say("Normal", "SuccessfulCreate", `Created job ${created.metadata.name ?? ""}`);
    return created;
  } catch (error) {
    if (isNamespaceTerminating(error)) return undefined;
    if (!hasReason(error, "AlreadyExists")) {
      run.say("Warning", "FailedCreate", `Error creating job: ${wordsOf(error)}`);
      throw error;
    }
    const existing = await client.get(jobs, placeOf(wanted));
    if (controllerOf(existing)?.uid !== run.cronJob.metadata.uid) throw error;
    return endOf(existing) === undefined ? existing : undefined;
  }
};

const jobFor = (cronJob: CronJob, name: string, due: number, timeZone: string | undefined): Job => {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace: cronJob.metadata.namespace,
      ...(metadata?.labels && { labels: metadata.labels }),
      annotations: { ...metadata?.annotations, [SCHEDULED]: new WallClock(timeZone ?? "UTC").rfc3339(due) },
      ownerReferences: [controllerReference(cronJobs, cronJob)],
    },
    ...(spec && { spec }),
  };
};

/** `Mon, 02 Jan 2006 15:04:05 +0000` */
const rfc1123z = (time: number): string => new Date(time).toUTCString().replace("GMT", "+0000");
