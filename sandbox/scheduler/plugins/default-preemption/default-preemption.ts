import { fitErrorMessage, type Diagnosis } from "../../framework/diagnosis.ts";
import type { SchedulingCycle } from "../../framework/cycle.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import type { Plugin, PostFilterResult, Victims } from "../../framework/plugin.ts";
import type { Rejection } from "../../framework/rejection.ts";
import { unresolvable } from "../../framework/rejection.ts";
import { leastHarm, selectVictims } from "./victims.ts";

/** DefaultPreemptionArgs. */
export interface DefaultPreemptionArgs {
  /** The share of nodes to try, in percent, and the least number of them. */
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

const notHelpful = unresolvable("", "Preemption is not helpful for scheduling");

/** Makes room for a pod by having pods of lower priority leave the node where that hurts least. */
export const defaultPreemption = (args: DefaultPreemptionArgs): Plugin => ({
  name: "DefaultPreemption",
  retryOn: [],
  postFilter(cycle, diagnosis) {
    const ineligible = whyIneligible(cycle, diagnosis);
    if (ineligible !== undefined) return { success: false, message: `preemption: ${ineligible}` };
    const { candidates, rejections } = dryRun(cycle, diagnosis, args);
    const victims = leastHarm(candidates);
    if (victims) return { success: true, nominatedNodeName: victims.node.name, victims, candidates };
    const nodes = cycle.cluster.nodes.length;
    const message = nodes === 0 ? "no nodes available" : fitErrorMessage({ nodes, rejections, untried: notHelpful });
    return { success: false, nominatedNodeName: "", message: `preemption: ${message}` } satisfies PostFilterResult;
  },
});

/** Why the pod may not preempt (PodEligibleToPreemptOthers). */
const whyIneligible = ({ pod, cluster }: SchedulingCycle, diagnosis: Diagnosis): string | undefined => {
  if (pod.pod.spec?.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const nominated = pod.pod.status?.nominatedNodeName;
  if (!nominated) return undefined;
  if (codeOf(diagnosis, nominated) === "UnschedulableAndUnresolvable") return undefined;
  const leaving = cluster
    .node(nominated)
    ?.pods.some(
      (other) =>
        other.priority < pod.priority && other.pod.metadata.deletionTimestamp !== undefined && isPreempted(other.pod.status?.conditions),
    );
  return leaving ? "not eligible due to a terminating pod on the nominated node." : undefined;
};

/** A pod that is leaving for another reason makes no room that was asked for. */
const isPreempted = (
  conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string }[] | undefined,
): boolean =>
  (conditions ?? []).some(
    ({ type, status, reason }) => type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
  );

const codeOf = ({ rejectedNodes, rejections, untried }: Diagnosis, node: string): string =>
  rejections[rejectedNodes.findIndex(({ name }) => name === node)]?.code ?? untried?.code ?? "UnschedulableAndUnresolvable";

interface DryRun {
  readonly candidates: readonly Victims[];
  /** Of the nodes where preemption would not help. */
  readonly rejections: readonly Rejection[];
}

/** Tries the nodes that pods leaving could help, from a random one on, until enough candidates are found. */
const dryRun = (cycle: SchedulingCycle, diagnosis: Diagnosis, args: DefaultPreemptionArgs): DryRun => {
  const nodes = potentialNodes(cycle, diagnosis);
  const rejections: Rejection[] = [];
  if (nodes.length === 0) return { candidates: [], rejections };
  const budgets = cycle.cluster.list("poddisruptionbudgets");
  const share = Math.trunc((nodes.length * args.minCandidateNodesPercentage) / 100);
  const enough = Math.min(nodes.length, Math.max(share, args.minCandidateNodesAbsolute));
  const offset = cycle.random.integer(nodes.length);
  const kind: Victims[] = [];
  const violating: Victims[] = [];
  for (let tried = 0; tried < nodes.length; tried++) {
    const node = nodes[(offset + tried) % nodes.length]!;
    const result = selectVictims(cycle, node, budgets);
    if ("code" in result) rejections.push(result);
    else if (result.pods.length === 0)
      rejections.push(unresolvable("", `expected at least one victim pod on node ${JSON.stringify(node.name)}`));
    else (result.disruptionBudgetViolations === 0 ? kind : violating).push(result);
    if (kind.length > 0 && kind.length + violating.length >= enough) break;
  }
  return { candidates: [...kind, ...violating], rejections };
};

/** Where the pod was turned down for something that pods leaving may cure (NodesForStatusCode). */
const potentialNodes = ({ cluster }: SchedulingCycle, { rejectedNodes, rejections, untried }: Diagnosis): readonly NodeInfo[] => {
  const curable = rejectedNodes.filter((_node, at) => rejections[at]!.code === "Unschedulable");
  if (untried?.code !== "Unschedulable") return curable;
  const tried = new Set(rejectedNodes);
  return [...curable, ...cluster.nodes.filter((node) => !tried.has(node))];
};
