import { isTerminating } from "../../apimachinery/meta/types.ts";
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from "../../api/types.ts";
import { compact, unlessZero } from "../workloads/counts.ts";
import { isPodAvailable, isPodReady } from "../workloads/pods.ts";
import { replicasOf, revisionOf } from "./identity.ts";

export interface Revisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

export const isCreated = ({ status }: Pod): boolean => status?.phase !== undefined;
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === "Running" && isPodReady(pod);
export const isAvailable = (pod: Pod, minReadySeconds: number, now: number): boolean =>
  isRunningAndReady(pod) && isPodAvailable(pod, minReadySeconds, now);

/** The status that these pods make; `deleted` is how many of the current revision were just deleted for the update; `now` in milliseconds. */
export const statusOf = (
  set: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisionCount }: Revisions,
  deleted: number,
  now: number,
): StatefulSetStatus => {
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const created = pods.filter(isCreated);
  const ready = pods.filter(isRunningAndReady);
  const staying = created.filter((pod) => !isTerminating(pod));
  const ofRevision = (revision: ControllerRevision): number => staying.filter((pod) => revisionOf(pod) === revision.metadata.name).length;
  return completed(set, {
    observedGeneration: set.metadata.generation,
    replicas: created.length,
    readyReplicas: unlessZero(ready.length),
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length,
    currentReplicas: ofRevision(current) - deleted,
    updatedReplicas: unlessZero(ofRevision(update)),
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
  });
};

/** When all pods are of the new revision, it becomes the current one (completeRollingUpdate). */
const completed = (set: StatefulSet, status: StatefulSetStatus): StatefulSetStatus => {
  const { replicas, updatedReplicas = 0, readyReplicas = 0 } = status;
  const isDone =
    set.spec?.updateStrategy?.type === "RollingUpdate" &&
    updatedReplicas === replicas &&
    readyReplicas === replicas &&
    replicas === replicasOf(set);
  const done = isDone ? { ...status, currentReplicas: updatedReplicas, currentRevision: status.updateRevision } : status;
  return compact({ ...done, currentReplicas: unlessZero(done.currentReplicas ?? 0) });
};
