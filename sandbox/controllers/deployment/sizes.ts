import type { Deployment, ReplicaSet } from "../../api/types.ts";
import { scaledValue } from "../workloads/int-or-percent.ts";
import { annotations } from "./annotations.ts";

export const replicasOf = ({ spec }: Deployment | ReplicaSet): number => spec?.replicas ?? 1;

/** The pods that ReplicaSets ask for, have, and have available. */
export const askedFor = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, set) => sum + replicasOf(set), 0);
export const actual = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, { status }) => sum + (status?.replicas ?? 0), 0);
export const ready = (sets: readonly ReplicaSet[]): number => sets.reduce((sum, { status }) => sum + (status?.readyReplicas ?? 0), 0);
export const available = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, { status }) => sum + (status?.availableReplicas ?? 0), 0);

/** ReplicaSets that ask for pods. */
export const active = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => replicasOf(set) > 0);

export const isRolling = ({ spec }: Deployment): boolean => spec.strategy?.type === "RollingUpdate";

/** How far a rolling update may go over and under the wanted number (ResolveFenceposts): never nowhere. */
const fenceposts = (deployment: Deployment): { readonly surge: number; readonly unavailable: number } => {
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, replicasOf(deployment), true);
  const unavailable = scaledValue(maxUnavailable, replicasOf(deployment), false);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
};

export const maxSurge = (deployment: Deployment): number => (isRolling(deployment) ? fenceposts(deployment).surge : 0);

export const maxUnavailable = (deployment: Deployment): number =>
  isRolling(deployment) && replicasOf(deployment) > 0 ? Math.min(fenceposts(deployment).unavailable, replicasOf(deployment)) : 0;

/** What the new ReplicaSet may be scaled to, seeing the others (NewRSNewReplicas). */
export const newSetSize = (deployment: Deployment, all: readonly ReplicaSet[], newSet: number): number => {
  const wanted = replicasOf(deployment);
  if (!isRolling(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - askedFor(all);
  return room <= 0 ? newSet : newSet + Math.min(room, wanted - newSet);
};

/** The new ReplicaSet is all there, and no old one is needed any more (IsSaturated). */
export const isSaturated = (deployment: Deployment, set: ReplicaSet | undefined): boolean =>
  set !== undefined &&
  replicasOf(set) === replicasOf(deployment) &&
  Number(set.metadata.annotations?.[annotations.desired] ?? NaN) === replicasOf(deployment) &&
  (set.status?.availableReplicas ?? 0) === replicasOf(deployment);

/** The one ReplicaSet that asks for pods, or the newest where none does; undefined where several do (FindActiveOrLatest). */
export const activeOrLatest = (newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined => {
  const asking = active(newSet ? [...old, newSet] : old);
  if (asking.length > 1) return undefined;
  return asking[0] ?? newSet ?? byCreation(old).at(-1);
};

/**
 * How many pods each active ReplicaSet gets when a Deployment is scaled in the middle of a rolling update: in proportion to their sizes, what
 * is left over to the first, which is the largest.
 */
export const proportions = (deployment: Deployment, sets: readonly ReplicaSet[]): ReadonlyMap<ReplicaSet, number> => {
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0;
  const toAdd = allowed - askedFor(sets);
  const sorted = sets.toSorted((a, b) => replicasOf(b) - replicasOf(a) || (toAdd > 0 ? compareCreation(b, a) : compareCreation(a, b)));
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of sorted) {
    const share = toAdd === 0 ? 0 : proportion(deployment, set, toAdd, added);
    sizes.set(set, replicasOf(set) + share);
    added += share;
  }
  const [first] = sorted;
  if (first && toAdd !== 0) sizes.set(first, Math.max(0, sizes.get(first)! + toAdd - added));
  return sizes;
};

const proportion = (deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number => {
  if (replicasOf(set) === 0 || toAdd === added) return 0;
  const share = fraction(deployment, set);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
};

const fraction = (deployment: Deployment, set: ReplicaSet): number => {
  if (replicasOf(deployment) === 0) return -replicasOf(set);
  const before = Number(set.metadata.annotations?.[annotations.max] ?? 0) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  const size = (replicasOf(set) * (replicasOf(deployment) + maxSurge(deployment))) / before;
  return Math.round(size) - replicasOf(set);
};

const compareCreation = (a: ReplicaSet, b: ReplicaSet): number => {
  const [left, right] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
};

/** Oldest first; by name where they are of the same second. */
export const byCreation = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.toSorted(compareCreation);
