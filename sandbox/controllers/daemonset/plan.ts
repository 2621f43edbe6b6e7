import { isTerminating } from "../../apimachinery/meta/types.ts";
import type { DaemonSet, Node, Pod } from "../../api/types.ts";
import { scaledValue } from "../workloads/int-or-percent.ts";
import { hasFailed, hasSucceeded, isPodAvailable, isPodReady, isTerminal } from "../workloads/pods.ts";
import { isUpdated, nodeShouldRun, targetNode } from "./template.ts";

/** Pods by the node that they are on or meant for. */
export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

export interface DaemonPlan {
  /** Names of nodes that get a pod. */
  readonly create: string[];
  readonly remove: Pod[];
  /** Pods that ended, by how: they are deleted and told of. */
  readonly ended: { readonly pod: Pod; readonly node: string; readonly how: "failed" | "succeeded" }[];
}

export const byNode = (pods: readonly Pod[]): PodsByNode => {
  const grouped = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = targetNode(pod);
    if (node === undefined || (isTerminal(pod) && isTerminating(pod))) continue;
    const known = grouped.get(node);
    if (known) known.push(pod);
    else grouped.set(node, [pod]);
  }
  return grouped;
};

/** Those that have a node first, then the oldest. */
export const bySeniority = (pods: readonly Pod[]): Pod[] =>
  pods.toSorted((a, b) => {
    const assigned = (b.spec.nodeName ? 1 : 0) - (a.spec.nodeName ? 1 : 0);
    if (assigned !== 0) return assigned;
    const [left, right] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
    if (left !== right) return left < right ? -1 : 1;
    return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
  });

/** What is missing and what is too much, without regard to updates (manage); `now` in milliseconds. */
export const planPlacement = (set: DaemonSet, nodes: readonly Node[], pods: PodsByNode, hash: string, now: number): DaemonPlan => {
  const plan: DaemonPlan = { create: [], remove: [], ended: [] };
  for (const node of nodes) {
    const name = node.metadata.name ?? "";
    const { run, stay } = nodeShouldRun(set, node);
    const here = pods.get(name);
    if (run && !here) plan.create.push(name);
    else if (here && !stay) plan.remove.push(...here.filter((pod) => !isTerminating(pod)));
    else if (here) planNode(set, name, here, hash, now, plan);
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const [node, here] of pods) if (!known.has(node)) plan.remove.push(...here.filter(({ spec }) => !spec.nodeName));
  return plan;
};

const planNode = (set: DaemonSet, node: string, here: readonly Pod[], hash: string, now: number, plan: DaemonPlan): void => {
  const alive: Pod[] = [];
  for (const pod of here) {
    if (isTerminating(pod)) continue;
    if (hasFailed(pod)) plan.ended.push({ pod, node, how: "failed" });
    else if (hasSucceeded(pod)) plan.ended.push({ pod, node, how: "succeeded" });
    else alive.push(pod);
  }
  if (alive.length <= 1) return;
  const sorted = bySeniority(alive);
  if (!allowsSurge(set)) {
    plan.remove.push(...sorted.slice(1));
    return;
  }
  const [newest, ...moreNew] = sorted.filter((pod) => isUpdated(set, pod, hash));
  const [old, ...moreOld] = sorted.filter((pod) => !isUpdated(set, pod, hash));
  plan.remove.push(...moreNew, ...moreOld);
  if (newest && old && (!isPodReady(old) || isPodAvailable(newest, set.spec?.minReadySeconds ?? 0, now))) plan.remove.push(old);
};

const allowsSurge = ({ spec }: DaemonSet): boolean => {
  const { type, rollingUpdate } = spec?.updateStrategy ?? {};
  return type === "RollingUpdate" && rollingUpdate?.maxSurge !== undefined && scaledValue(rollingUpdate.maxSurge, 100, true) > 0;
};

/** How many daemons may be away or double for an update. */
const limits = (set: DaemonSet, nodes: readonly Node[]): { readonly surge: number; readonly unavailable: number } => {
  const wanted = nodes.filter((node) => nodeShouldRun(set, node).run).length;
  const { maxSurge, maxUnavailable } = set.spec?.updateStrategy?.rollingUpdate ?? {};
  const surge = scaledValue(maxSurge, wanted, true);
  const unavailable = scaledValue(maxUnavailable, wanted, true);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: 1 } : { surge, unavailable };
};

/** The next step of a rolling update: old pods to delete, or nodes to get a new one beside the old (rollingUpdate); `now` in milliseconds. */
export const planUpdate = (
  set: DaemonSet,
  nodes: readonly Node[],
  pods: PodsByNode,
  hash: string,
  now: number,
): Pick<DaemonPlan, "create" | "remove"> => {
  const { surge, unavailable } = limits(set, nodes);
  const available = (pod: Pod): boolean => isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
  const pairs = [...pods].map(([node, here]) => ({ node, ...pairOn(set, here, hash) }));
  if (surge === 0) {
    const useless = pairs.filter(({ old, next }) => old && !next && !available(old)).map(({ old }) => old!);
    const away = pairs.filter(
      ({ old, next, isClear }) => !isClear || (old === undefined) === (next === undefined) || !available((next ?? old)!),
    ).length;
    const candidates = pairs.filter(({ old, next }) => old && !next && available(old)).map(({ old }) => old!);
    return { create: [], remove: [...useless, ...candidates.slice(0, Math.max(0, unavailable - away))] };
  }
  const remove = pairs.filter(({ old, next }) => old && next && available(next)).map(({ old }) => old!);
  const urgent = pairs.filter(({ old, next }) => old && !next && !available(old)).map(({ node }) => node);
  const candidates = pairs.filter(({ old, next }) => old && !next && available(old)).map(({ node }) => node);
  const doubled = pairs.filter(({ old, next, isClear }) => !isClear || (old && next && !available(next))).length;
  return { create: [...urgent, ...candidates.slice(0, Math.max(0, surge - doubled))], remove };
};

/** The old and the new pod of a node; not clear where there is more than one of either (findUpdatedPodsOnNode). */
const pairOn = (
  set: DaemonSet,
  here: readonly Pod[],
  hash: string,
): { readonly old?: Pod; readonly next?: Pod; readonly isClear: boolean } => {
  const alive = here.filter((pod) => !isTerminating(pod));
  const next = alive.filter((pod) => isUpdated(set, pod, hash));
  const old = alive.filter((pod) => !isUpdated(set, pod, hash));
  if (next.length > 1 || old.length > 1) return { isClear: false };
  return { ...(old[0] && { old: old[0] }), ...(next[0] && { next: next[0] }), isClear: true };
};
