import { fromTime, toTime } from "../../base/clock/clock.ts";
import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from "../../api/types.ts";
import { conditionOf, newCondition, withCondition, withoutCondition } from "../workloads/conditions.ts";
import { compact, unlessZero } from "../workloads/counts.ts";
import { actual, askedFor, available, maxUnavailable, ready, replicasOf } from "./sizes.ts";

const NEVER = 2 ** 31 - 1;

/** Whether somebody waits for progress, and for how many seconds. */
export const hasDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== NEVER;

export const deploymentCondition = (
  type: string,
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
  now: number,
): DeploymentCondition => ({
  ...newCondition(type, status, reason, message, now),
  lastUpdateTime: toTime(now),
});

/** The status that the ReplicaSets make, before anything is said of progress (calculateStatus). */
export const calculateStatus = (
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus => {
  const isAvailable = available(all) >= replicasOf(deployment) - maxUnavailable(deployment);
  const condition = isAvailable
    ? deploymentCondition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    : deploymentCondition("Available", "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", now);
  return compact({
    observedGeneration: deployment.metadata.generation,
    replicas: unlessZero(actual(all)),
    updatedReplicas: unlessZero(actual(newSet ? [newSet] : [])),
    readyReplicas: unlessZero(ready(all)),
    availableReplicas: unlessZero(available(all)),
    unavailableReplicas: unlessZero(Math.max(0, askedFor(all) - available(all))),
    collisionCount: deployment.status?.collisionCount,
    conditions: withCondition(deployment.status?.conditions, condition),
  });
};

/** The status in the middle of a rollout: with what there is to say of its progress and of failures (syncRolloutStatus). */
export const rolloutStatus = (
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus => {
  const status = calculateStatus(deployment, all, newSet, now);
  let conditions: readonly DeploymentCondition[] = status.conditions ?? [];
  const current = conditionOf(deployment.status?.conditions, "Progressing");
  if (!hasDeadline(deployment)) conditions = withoutCondition(conditions, "Progressing");
  const wasComplete = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (hasDeadline(deployment) && !wasComplete) {
    const what = newSet ? `ReplicaSet "${newSet.metadata.name ?? ""}"` : `Deployment "${deployment.metadata.name ?? ""}"`;
    if (isComplete(deployment, status)) {
      conditions = withCondition(
        conditions,
        deploymentCondition("Progressing", "True", "NewReplicaSetAvailable", `${what} has successfully progressed.`, now),
      );
    } else if (isProgressing(deployment, status)) {
      const condition = deploymentCondition("Progressing", "True", "ReplicaSetUpdated", `${what} is progressing.`, now);
      const kept = current?.status === "True" ? { ...condition, lastTransitionTime: current.lastTransitionTime } : condition;
      conditions = withCondition(withoutCondition(conditions, "Progressing"), kept);
    } else if (hasTimedOut(deployment, current, now)) {
      conditions = withCondition(
        conditions,
        deploymentCondition("Progressing", "False", "ProgressDeadlineExceeded", `${what} has timed out progressing.`, now),
      );
    }
  }
  const failure = replicaFailure(all, newSet);
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, "ReplicaFailure");
  return { ...status, conditions };
};

/** All pods are new and available, and the status is of this generation (DeploymentComplete). */
export const isComplete = (deployment: Deployment, status: DeploymentStatus | undefined): boolean => {
  const wanted = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
};

const isProgressing = ({ status: before }: Deployment, status: DeploymentStatus): boolean => {
  const oldPods = (of: DeploymentStatus | undefined): number => (of?.replicas ?? 0) - (of?.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    oldPods(status) < oldPods(before) ||
    (status.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  );
};

const hasTimedOut = (deployment: Deployment, condition: DeploymentCondition | undefined, now: number): boolean => {
  if (!condition || condition.reason === "NewReplicaSetAvailable") return false;
  if (condition.reason === "ProgressDeadlineExceeded") return true;
  return (fromTime(condition.lastUpdateTime) ?? now) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 < now;
};

/** Milliseconds until a rollout that gets nowhere has to be looked at again; undefined when none is under way (requeueStuckDeployment). */
export const untilDeadline = (deployment: Deployment, status: DeploymentStatus, now: number): number | undefined => {
  const condition = conditionOf(deployment.status?.conditions, "Progressing");
  if (!condition || !hasDeadline(deployment)) return undefined;
  if (isComplete(deployment, status) || condition.reason === "ProgressDeadlineExceeded") return undefined;
  const left = (fromTime(condition.lastUpdateTime) ?? now) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000 - now;
  return left < 1000 ? 0 : left + 1000;
};

/** The new ReplicaSet's failure, or else some old one's. */
const replicaFailure = (all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): DeploymentCondition | undefined => {
  const failure = [...(newSet ? [newSet] : []), ...all]
    .map((set) => conditionOf(set.status?.conditions, "ReplicaFailure"))
    .find((condition) => condition !== undefined);
  return failure && { ...failure, lastUpdateTime: failure.lastTransitionTime };
};
