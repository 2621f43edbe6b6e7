import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import type { Pod, StatefulSet, StatefulSetStatus } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { templateOf } from "../workloads/history.ts";
import { asError } from "../workloads/pod-control.ts";
import { isTerminal } from "../workloads/pods.ts";
import { slowStart } from "../workloads/slow-start.ts";
import { hasIdentity, isInRange, newPod, ordinalOf, replicasOf, revisionOf, startOf } from "./identity.ts";
import { createClaims, createStatefulPod, deleteStatefulPod, fixClaims, hasStaleClaim, repairPod, unfitClaims } from "./pods.ts";
import { isAvailable, isCreated, isRunningAndReady, statusOf, type Revisions } from "./status.ts";

const LARGEST_BATCH = 500;

/** What was done, as status; with the error that stopped it. */
export interface Outcome {
  readonly status: StatefulSetStatus;
  readonly error?: unknown;
}

/** Brings the pods where the set wants them: one after the other, or all at once where the set allows bursts (updateStatefulSet). */
export const updatePods = async (context: Reconcile, set: StatefulSet, pods: readonly Pod[], revisions: Revisions): Promise<Outcome> => {
  const now = context.clock.now();
  if (isTerminating(set)) return { status: statusOf(set, pods, revisions, 0, now) };
  const minReadySeconds = set.spec?.minReadySeconds ?? 0;
  const oneByOne = set.spec?.podManagementPolicy !== "Parallel";
  const replicas = replicasFor(set, pods, revisions);
  const condemned = pods
    .filter((pod) => ordinalOf(pod) >= 0 && !isInRange(set, ordinalOf(pod)))
    .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  const isUnavailable = (pod: Pod): boolean => !isAvailable(pod, minReadySeconds, now) || isTerminating(pod);
  const firstUnavailable = [...replicas, ...condemned.toReversed()].find(isUnavailable);
  const outcome = (deleted: number, error?: unknown): Outcome => ({
    status: statusOf(set, [...replicas, ...condemned], revisions, deleted, context.clock.now()),
    ...(error !== undefined && { error }),
  });

  /** Each answers whether the set has to wait here. */
  const keep = async (pod: Pod): Promise<boolean> => {
    if (isTerminal(pod)) {
      if (!isTerminating(pod)) await deleteStatefulPod(context, set, pod);
      return true;
    }
    if (!isCreated(pod)) {
      if (hasStaleClaim(context, set, pod)) return true;
      await createStatefulPod(context, set, pod);
      if (oneByOne) return true;
    }
    if (pod.status?.phase === "Pending") await createClaims(context, set, pod);
    if (oneByOne && isUnavailable(pod)) return true;
    if (isCreated(pod) && (!hasIdentity(set, pod) || unfitClaims(context, set, pod).length > 0)) await repairPod(context, set, pod);
    return false;
  };
  const letGo = async (pod: Pod): Promise<boolean> => {
    if (isTerminating(pod)) return oneByOne;
    if (oneByOne && (!isRunningAndReady(pod) || !isAvailable(pod, minReadySeconds, now)) && pod !== firstUnavailable) return true;
    await deleteStatefulPod(context, set, pod);
    return true;
  };
  const stages: readonly (readonly [readonly Pod[], (pod: Pod) => Promise<boolean>])[] = [
    [replicas, keep],
    [condemned, async (pod) => (await fixClaims(context, set, pod), false)],
    [condemned, letGo],
  ];
  try {
    for (const [of, act] of stages) if (await forAll(of, act, oneByOne)) return outcome(0);
    return outcome(await replaceOutdated(context, set, replicas, revisions, isUnavailable));
  } catch (error) {
    return outcome(0, error);
  }
};

/** The pod of each ordinal: the one there is, or one that is still to be created. */
const replicasFor = (set: StatefulSet, pods: readonly Pod[], revisions: Revisions): readonly Pod[] => {
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
  return Array.from({ length: replicasOf(set) }, (_, at) => {
    const ordinal = startOf(set) + at;
    const revision = keepsCurrent(set, ordinal) ? revisions.current : revisions.update;
    return byOrdinal.get(ordinal) ?? newPod(set, templateOf(revision), ordinal, revision.metadata.name ?? "");
  });
};

/** Whether a pod that has to be made again is made as it was before the update. */
const keepsCurrent = (set: StatefulSet, ordinal: number): boolean => {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  if (type !== "RollingUpdate") return false;
  return ordinal < startOf(set) + (rollingUpdate ? (rollingUpdate.partition ?? 0) : (set.status?.currentReplicas ?? 0));
};

/** One after the other until one makes the set wait, or all in growing batches. */
const forAll = async (pods: readonly Pod[], act: (pod: Pod) => Promise<boolean>, oneByOne: boolean): Promise<boolean> => {
  if (oneByOne) {
    for (const pod of pods) if (await act(pod)) return true;
    return false;
  }
  const { error } = await slowStart(pods.length, (at) => act(pods[at]!), LARGEST_BATCH);
  if (error !== undefined) throw asError(error);
  return false;
};

/** RollingUpdate: deletes the pod with the highest ordinal that is not of the new revision, once all above it are available. Answers how many went. */
const replaceOutdated = async (
  context: Reconcile,
  set: StatefulSet,
  replicas: readonly Pod[],
  { update }: Revisions,
  isUnavailable: (pod: Pod) => boolean,
): Promise<number> => {
  const strategy = set.spec?.updateStrategy;
  if (strategy?.type === "OnDelete") return 0;
  const lowest = strategy?.rollingUpdate?.partition ?? 0;
  for (let at = replicas.length - 1; at >= lowest; at--) {
    const pod = replicas[at]!;
    if (revisionOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      await deleteStatefulPod(context, set, pod).catch((error: unknown) => {
        if (!hasReason(error, "NotFound")) throw error;
      });
      return 1;
    }
    if (isUnavailable(pod)) return 0;
  }
  return 0;
};
