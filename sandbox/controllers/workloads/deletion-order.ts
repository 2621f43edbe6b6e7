import { fromTime } from "../../base/clock/clock.ts";
import type { Pod } from "../../api/types.ts";
import { isActive, isPodReady, podCondition } from "./pods.ts";

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The pods to lose when `count` of them have to go (getPodsToDelete): not yet assigned, pending and unready ones first, then those with a
 * lower deletion cost, those that share their node with more of `related`, the younger by an order of magnitude, and those that restarted more.
 */
export const podsToDelete = (pods: readonly Pod[], related: readonly Pod[], count: number, now: number): readonly Pod[] => {
  if (count >= pods.length) return pods;
  const onNode = new Map<string, number>();
  for (const pod of related) if (isActive(pod)) onNode.set(pod.spec.nodeName ?? "", (onNode.get(pod.spec.nodeName ?? "") ?? 0) + 1);
  const ranked = pods.map((pod) => rank(pod, onNode.get(pod.spec.nodeName ?? "") ?? 0));
  return ranked
    .sort((a, b) => compare(a, b, now))
    .slice(0, count)
    .map(({ pod }) => pod);
};

interface Ranked {
  readonly pod: Pod;
  readonly assigned: number;
  readonly phase: number;
  readonly ready: number;
  readonly cost: number;
  readonly companions: number;
  readonly readySince: number | undefined;
  readonly restarts: number;
  readonly created: number | undefined;
}

const rank = (pod: Pod, companions: number): Ranked => ({
  pod,
  assigned: pod.spec.nodeName ? 1 : 0,
  phase: phases[pod.status?.phase ?? ""] ?? 0,
  ready: isPodReady(pod) ? 1 : 0,
  cost: deletionCost(pod),
  companions,
  readySince: fromTime(podCondition(pod, "Ready")?.lastTransitionTime),
  restarts: Math.max(0, ...(pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0)),
  created: fromTime(pod.metadata.creationTimestamp ?? undefined),
});

const compare = (a: Ranked, b: Ranked, now: number): number =>
  a.assigned - b.assigned ||
  a.phase - b.phase ||
  a.ready - b.ready ||
  a.cost - b.cost ||
  b.companions - a.companions ||
  (a.ready && b.ready && a.readySince !== b.readySince ? younger(a, b, a.readySince, b.readySince, now) : 0) ||
  b.restarts - a.restarts ||
  (a.created === b.created ? 0 : younger(a, b, a.created, b.created, now));

/** By the order of magnitude of their age; within one, by uid, so that which one goes is not a matter of age alone. */
const younger = (a: Ranked, b: Ranked, timeOfA: number | undefined, timeOfB: number | undefined, now: number): number => {
  if (timeOfA === undefined || timeOfB === undefined) return timeOfA === undefined ? -1 : 1;
  const difference = magnitude(now - timeOfA) - magnitude(now - timeOfB);
  if (difference !== 0) return difference;
  return (a.pod.metadata.uid ?? "") < (b.pod.metadata.uid ?? "") ? -1 : 1;
};

const magnitude = (ageMs: number): number => (ageMs > 0 ? Math.trunc(Math.log2(ageMs * 1e6)) : -1);

const deletionCost = ({ metadata }: Pod): number => {
  const text = metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"];
  return text !== undefined && /^(0|-?[1-9]\d{0,9})$/.test(text) ? Number(text) : 0;
};
