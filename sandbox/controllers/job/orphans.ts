import { controllerOf, keyOf } from "../../apimachinery/meta/types.ts";
import { jobs, pods } from "../../api/resources.ts";
import type { Pod } from "../../api/types.ts";
import type { Cache } from "../framework/cache.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { dropFinalizer } from "./manage.ts";
import { isFinished, isTracked } from "./pods.ts";

/** Lets go of pods that no Job will count any more: their Job is gone, or has come to its end without them. */
export const orphanedJobPods = defineController<Pod>({
  name: "job-controller",
  reconciles: pods,
  wants: ({ next }) => next !== undefined && isTracked(next),
  watches: [
    mapped(jobs, ({ previous, next }, { cache }) =>
      next && !isFinished(next)
        ? []
        : cache
            .controlledBy(pods, (next ?? previous)!)
            .filter(isTracked)
            .map(keyOf),
    ),
  ],
  async reconcile(key, context) {
    const pod = context.cache.get(pods, key);
    if (pod && isTracked(pod) && !hasJob(pod, context.cache)) await dropFinalizer(context, pod);
  },
});

const hasJob = (pod: Pod, cache: Cache): boolean => {
  const controller = controllerOf(pod);
  if (controller?.kind !== "Job") return false;
  const job = cache.get(jobs, `${pod.metadata.namespace ?? ""}/${controller.name}`);
  return job?.metadata.uid === controller.uid && !isFinished(job);
};
