import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import { jobs } from "../../api/resources.ts";
import type { Job } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { placeOf } from "../workloads/owners.ts";

/** Deletes Jobs some time after they have ended, where they ask for it. */
export const ttlAfterFinishedController = defineController<Job>({
  name: "ttl-after-finished-controller",
  alias: "ttl-after-finished",
  reconciles: jobs,
  wants: ({ next }) => next !== undefined && next.spec?.ttlSecondsAfterFinished !== undefined && finishedAt(next) !== undefined,
  workers: (options) => options.concurrentTtlAfterFinishedSyncs,
  async reconcile(key, { cache, client, clock, again }) {
    const job = cache.get(jobs, key);
    if (!job || isTerminating(job)) return;
    const left = timeLeft(job, clock.now());
    if (left === undefined) return;
    if (left > 0) {
      again(left);
      return;
    }
    // The cache may not know yet that the Job was given more time.
    const fresh = await client.get(jobs, placeOf(job)).catch(unlessNotFound);
    if (!fresh || fresh.metadata.uid !== job.metadata.uid) return;
    const still = timeLeft(fresh, clock.now());
    if (still === undefined) return;
    if (still > 0) {
      again(still);
      return;
    }
    await client
      .delete(jobs, placeOf(fresh), { propagationPolicy: "Foreground", preconditions: { uid: fresh.metadata.uid } })
      .catch(unlessNotFound);
  },
});

const unlessNotFound = (error: unknown): undefined => {
  if (!hasReason(error, "NotFound")) throw error;
};

const finishedAt = ({ status }: Job): number | undefined => {
  const end = status?.conditions?.find(({ type, status: state }) => (type === "Complete" || type === "Failed") && state === "True");
  return end && fromTime(end.lastTransitionTime);
};

const timeLeft = (job: Job, now: number): number | undefined => {
  const finished = finishedAt(job);
  const seconds = job.spec?.ttlSecondsAfterFinished;
  return finished === undefined || seconds === undefined ? undefined : finished + seconds * 1000 - now;
};
