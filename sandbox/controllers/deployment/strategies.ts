import { pods } from "../../api/resources.ts";
import type { ReplicaSet } from "../../api/types.ts";
import { isTerminal } from "../workloads/pods.ts";
import {
  active,
  activeOrLatest,
  actual,
  askedFor,
  available,
  byCreation,
  isRolling,
  isSaturated,
  maxUnavailable,
  newSetSize,
  proportions,
  replicasOf,
} from "./sizes.ts";
import { isComplete } from "./status.ts";
import { allOf, type Rollout, type Sets } from "./rollout.ts";

/** RollingUpdate: first the new ReplicaSet grows as far as it may, then the old ones shrink as far as they may. */
export const rollOut = async (rollout: Rollout): Promise<void> => {
  const sets = await rollout.sets(true);
  const { newSet, old } = sets;
  if (newSet && replicasOf(newSet) !== replicasOf(rollout.deployment)) {
    const size = newSizeOf(rollout, sets);
    if (size !== replicasOf(newSet)) return rollout.report({ newSet: await rollout.scale(newSet, size), old });
  }
  const shrunk = await shrinkOld(rollout, sets);
  if (shrunk) return rollout.report(shrunk);
  if (isComplete(rollout.deployment, rollout.deployment.status)) await rollout.cleanUp(old);
  await rollout.report(sets);
};

/** Recreate: the new ReplicaSet is made when the last old pod is gone. */
export const recreate = async (rollout: Rollout): Promise<void> => {
  const sets = await rollout.sets(false);
  const asking = active(sets.old);
  if (asking.length > 0) {
    const scaled = new Map<string | undefined, ReplicaSet>();
    for (const set of asking) scaled.set(set.metadata.uid, await rollout.scale(set, 0));
    return rollout.report({ ...sets, old: replaced(sets.old, scaled) });
  }
  if (hasOldPods(rollout, sets)) return rollout.report(sets);
  const { newSet, old } = sets.newSet ? sets : await rollout.sets(true);
  const grown = newSet && (await rollout.scale(newSet, replicasOf(rollout.deployment)));
  if (isComplete(rollout.deployment, rollout.deployment.status)) await rollout.cleanUp(old);
  await rollout.report({ newSet: grown, old });
};

/** Scaling, and all that a paused Deployment still does: no pod moves from one template to the other. */
export const resize = async (rollout: Rollout): Promise<void> => {
  const sets = await scaleAll(rollout, await rollout.sets(false));
  if (rollout.deployment.spec.paused) await rollout.cleanUp(sets.old);
  await rollout.reportSizes(sets);
};

const newSizeOf = ({ deployment }: Rollout, sets: Sets): number => {
  const size = replicasOf(sets.newSet!);
  return size > replicasOf(deployment) ? replicasOf(deployment) : newSetSize(deployment, allOf(sets), size);
};

const scaleAll = async (rollout: Rollout, sets: Sets): Promise<Sets> => {
  const { deployment } = rollout;
  const scaled = new Map<string | undefined, ReplicaSet>();
  const scale = async (set: ReplicaSet, size: number): Promise<void> => void scaled.set(set.metadata.uid, await rollout.scale(set, size));
  const only = activeOrLatest(sets.newSet, sets.old);
  if (only) {
    if (replicasOf(only) !== replicasOf(deployment)) await scale(only, replicasOf(deployment));
  } else if (isSaturated(deployment, sets.newSet)) {
    for (const set of active(sets.old)) await scale(set, 0);
  } else if (isRolling(deployment)) {
    for (const [set, size] of proportions(deployment, active(allOf(sets)))) await scale(set, size);
  }
  return { newSet: sets.newSet && (scaled.get(sets.newSet.metadata.uid) ?? sets.newSet), old: replaced(sets.old, scaled) };
};

/** Takes from the old ReplicaSets what availability allows: pods that are of no use first. Undefined where nothing could go. */
const shrinkOld = async (rollout: Rollout, sets: Sets): Promise<Sets | undefined> => {
  const { deployment } = rollout;
  const minimum = replicasOf(deployment) - maxUnavailable(deployment);
  const asking = active(sets.old);
  if (askedFor(asking) === 0) return undefined;
  const newUnavailable = sets.newSet ? replicasOf(sets.newSet) - (sets.newSet.status?.availableReplicas ?? 0) : 0;
  const most = askedFor(allOf(sets)) - minimum - newUnavailable;
  if (most <= 0) return undefined;

  const scaled = new Map<string | undefined, ReplicaSet>();
  const current = (set: ReplicaSet): ReplicaSet => scaled.get(set.metadata.uid) ?? set;
  const shrink = async (set: ReplicaSet, by: number): Promise<void> =>
    void scaled.set(set.metadata.uid, await rollout.scale(current(set), replicasOf(current(set)) - by));
  let gone = 0;
  for (const set of byCreation(asking)) {
    if (gone >= most) break;
    const useless = Math.min(most - gone, replicasOf(set) - (set.status?.availableReplicas ?? 0));
    if (useless === 0) continue;
    // Its status is from before it was scaled: what is available is not known yet.
    if (useless < 0) return undefined;
    await shrink(set, useless);
    gone += useless;
  }
  const spare = available(allOf(sets)) - minimum;
  let taken = 0;
  for (const set of byCreation(asking)) {
    if (taken >= spare) break;
    const count = Math.min(replicasOf(current(set)), spare - taken);
    if (count <= 0) continue;
    await shrink(set, count);
    taken += count;
  }
  return gone + taken > 0 ? { newSet: sets.newSet, old: replaced(sets.old, scaled) } : undefined;
};

const replaced = (sets: readonly ReplicaSet[], by: ReadonlyMap<string | undefined, ReplicaSet>): readonly ReplicaSet[] =>
  sets.map((set) => by.get(set.metadata.uid) ?? set);

/** Whether pods of an old template still run, or may do so (oldPodsRunning). */
const hasOldPods = ({ context }: Rollout, { old }: Sets): boolean =>
  actual(old) > 0 || old.some((set) => context.cache.controlledBy(pods, set).some((pod) => !isTerminal(pod)));
