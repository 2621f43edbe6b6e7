import type { PodDisruptionBudget } from "../../../api/types.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import { fromTime } from "../../../base/clock/clock.ts";
import type { SchedulingCycle } from "../../framework/cycle.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import type { Victims } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { unresolvable, type Rejection } from "../../framework/rejection.ts";

const startOf = ({ pod }: PodInfo): number => fromTime(pod.status?.startTime ?? undefined) ?? Infinity;

/** Negative when `a` is to be spared before `b`: higher priority first, then who has run longer (util.MoreImportantPod). */
export const byImportance = (a: PodInfo, b: PodInfo): number => b.priority - a.priority || compareStarts(startOf(a), startOf(b));

const compareStarts = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

const noVictims = unresolvable("", "No preemption victims found for incoming pod");

/**
 * The fewest, least important pods that must leave a node for the pod to fit (SelectVictimsOnNode): all of lower priority are thought away, then
 * brought back one by one, those that a disruption budget protects first, as long as the pod still fits.
 */
export const selectVictims = (cycle: SchedulingCycle, node: NodeInfo, budgets: readonly PodDisruptionBudget[]): Victims | Rejection => {
  const { pod } = cycle;
  if (node.lowestPriority >= pod.priority) return noVictims;
  const candidates = node.pods.filter(({ priority }) => priority < pod.priority);
  const copy = node.clone();
  for (const candidate of candidates) copy.removePod(candidate);
  return cycle.simulate(copy, () => {
    const verdict = cycle.verdictOnSimulated(copy);
    if (verdict) return verdict;
    const { violating, others } = byBudget(candidates.toSorted(byImportance), budgets);
    const victims: PodInfo[] = [];
    const reprieve = (candidate: PodInfo): boolean => {
      copy.addPod(candidate);
      cycle.show(copy);
      if (cycle.verdictOnSimulated(copy) === undefined) return true;
      copy.removePod(candidate);
      cycle.show(copy);
      victims.push(candidate);
      return false;
    };
    let disruptionBudgetViolations = 0;
    for (const candidate of violating) if (!reprieve(candidate)) disruptionBudgetViolations++;
    for (const candidate of others) reprieve(candidate);
    return { node, pods: victims.sort(byImportance), disruptionBudgetViolations };
  });
};

/** Parts pods into those whose budget has no more disruptions to give, and the others (filterPodsWithPDBViolation). */
const byBudget = (pods: readonly PodInfo[], budgets: readonly PodDisruptionBudget[]): { violating: PodInfo[]; others: PodInfo[] } => {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) {
    let violates = false;
    if (Object.keys(pod.labels).length > 0)
      budgets.forEach(({ metadata, spec, status }, at) => {
        if (metadata.namespace !== pod.namespace) return;
        const selector = selectorOf(spec?.selector);
        if (selector.isEmpty() || !selector.matches(pod.labels)) return;
        // Its disruption is under way and has been counted.
        if (Object.hasOwn(status?.disruptedPods ?? {}, pod.name)) return;
        left[at]!--;
        if (left[at]! < 0) violates = true;
      });
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
};

/**
 * The candidate that hurts least (pickOneNodeForPreemption): fewest broken budgets, lowest highest priority, lowest sum of priorities, fewest
 * pods, and the one whose most important victims started last.
 */
export const leastHarm = (candidates: readonly Victims[]): Victims | undefined => {
  let best = [...candidates];
  const criteria: readonly ((victims: Victims) => number)[] = [
    ({ disruptionBudgetViolations }) => -disruptionBudgetViolations,
    ({ pods }) => -pods[0]!.priority,
    ({ pods }) => -pods.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
    ({ pods }) => -pods.length,
    earliestStart,
  ];
  for (const goodness of criteria) {
    const values = best.map(goodness);
    const most = Math.max(...values);
    best = best.filter((_, at) => values[at] === most);
    if (best.length <= 1) break;
  }
  return best[0];
};

/** When the first of the most important victims started. */
const earliestStart = ({ pods }: Victims): number => {
  const highest = Math.max(...pods.map(({ priority }) => priority));
  return Math.min(...pods.filter(({ priority }) => priority === highest).map(startOf));
};
