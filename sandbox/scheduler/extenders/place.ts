import type { SchedulingCycle } from "../framework/cycle.ts";
import { unplaced, withoutNodes, type Decision } from "../framework/decide.ts";
import { fitErrorMessage, type Diagnosis } from "../framework/diagnosis.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import { maxNodeScore } from "../framework/plugin.ts";
import { messageOf, unresolvable, unschedulable, type Rejection } from "../framework/rejection.ts";
import { enoughNodes, pickHighest, totalScores } from "../framework/scoring.ts";
import { leastHarm } from "../plugins/default-preemption/victims.ts";
import type { Extender } from "./extender.ts";

/** As rejections and hints name extenders (framework.ExtenderName). */
export const extenderName = "Extender";
const maxExtenderScore = 10;

/** A scheduling cycle in which extenders have a say: after the filters, and in the scores. */
export const placeWithExtenders = async (cycle: SchedulingCycle, extenders: readonly Extender[]): Promise<Decision> => {
  const { cluster, profile, random, pod } = cycle;
  if (cluster.nodes.length === 0) return withoutNodes(cycle);
  const rejection = cycle.preFilter();
  if (rejection) {
    const diagnosis = cycle.rejectedByPreFilter(rejection);
    return rejection.code === "Error"
      ? { outcome: "error", message: messageOf(rejection), diagnosis, cycle }
      : agreedUpon(unplaced(cycle, diagnosis), extenders);
  }
  const found = cycle.findFeasible(enoughNodes(cluster.nodes.length, profile.percentageOfNodesToScore));
  let { diagnosis } = found;
  let feasible = found.nodes;
  try {
    for (const extender of extenders) {
      if (feasible.length === 0) break;
      const filtered = await filter(extender, cycle, feasible);
      feasible = filtered.feasible;
      diagnosis = withRejections(diagnosis, filtered.rejected);
    }
    if (feasible.length === 0) return await agreedUpon(unplaced(cycle, diagnosis), extenders);
    if (feasible.length === 1) return { outcome: "scheduled", node: feasible[0]!, feasible, diagnosis, cycle };
    const totals = totalScores(
      cycle,
      feasible,
      feasible.map(({ slot }) => slot),
    );
    for (const extender of extenders) {
      const scores = await extender.prioritize?.(pod, feasible).catch(() => undefined);
      if (scores)
        feasible.forEach(({ name }, at) => (totals[at]! += (scores[name] ?? 0) * extender.weight * (maxNodeScore / maxExtenderScore)));
    }
    return { outcome: "scheduled", node: feasible[pickHighest(totals, random)]!, feasible, diagnosis, cycle };
  } catch (error) {
    return { outcome: "error", message: error instanceof Error ? error.message : String(error), diagnosis, cycle };
  }
};

/** A decision to preempt, left to the candidates that every extender agrees to (callExtenders). */
const agreedUpon = async (decision: Decision, extenders: readonly Extender[]): Promise<Decision> => {
  if (decision.outcome !== "unschedulable" || !decision.postFilter?.candidates) return decision;
  let { candidates } = decision.postFilter;
  for (const extender of extenders) {
    if (!extender.preempt || candidates.length === 0) continue;
    try {
      candidates = await extender.preempt(decision.cycle.pod, candidates);
    } catch (error) {
      if (!extender.ignorable) throw error;
    }
  }
  const victims = leastHarm(candidates);
  if (victims) return { ...decision, victims, nominatedNodeName: victims.node.name };
  const message = fitErrorMessage(decision.diagnosis, "preemption: no candidate node for preemption");
  return { ...decision, victims: undefined, nominatedNodeName: undefined, message };
};

const filter = async (
  extender: Extender,
  { pod }: SchedulingCycle,
  nodes: readonly NodeInfo[],
): Promise<{ readonly feasible: readonly NodeInfo[]; readonly rejected: ReadonlyMap<NodeInfo, Rejection> }> => {
  const rejected = new Map<NodeInfo, Rejection>();
  if (!extender.filter) return { feasible: nodes, rejected };
  try {
    const { kept, failed, failedAndUnresolvable } = await extender.filter(pod, nodes);
    const names = new Set(kept);
    for (const node of nodes) {
      const { name } = node;
      if (Object.hasOwn(failedAndUnresolvable, name)) rejected.set(node, unresolvable(extenderName, failedAndUnresolvable[name]!));
      else if (Object.hasOwn(failed, name)) rejected.set(node, unschedulable(extenderName, failed[name]!));
    }
    return { feasible: nodes.filter(({ name }) => names.has(name)), rejected };
  } catch (error) {
    if (extender.ignorable) return { feasible: nodes, rejected };
    throw error;
  }
};

const withRejections = (diagnosis: Diagnosis, more: ReadonlyMap<NodeInfo, Rejection>): Diagnosis =>
  more.size === 0
    ? diagnosis
    : {
        nodes: diagnosis.nodes,
        rejectedNodes: [...diagnosis.rejectedNodes, ...more.keys()],
        rejections: [...diagnosis.rejections, ...more.values()],
        untried: diagnosis.untried,
        plugins: new Set([...diagnosis.plugins, extenderName]),
        pendingPlugins: diagnosis.pendingPlugins,
      };
