import type { Random } from "../../base/random/random.ts";
import type { Cluster } from "./cluster.ts";
import { SchedulingCycle } from "./cycle.ts";
import { fitErrorMessage, noNodesMessage, noRejections, type Diagnosis } from "./diagnosis.ts";
import type { CycleMemory } from "./memory.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PostFilterResult, Victims } from "./plugin.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Profile } from "./profile.ts";
import { messageOf, type Rejection } from "./rejection.ts";
import { enoughNodes, pickHighest, totalScores } from "./scoring.ts";

/** What a scheduling cycle came to. */
export type Decision =
  | {
      readonly outcome: "scheduled";
      readonly node: NodeInfo;
      readonly feasible: readonly NodeInfo[];
      readonly diagnosis: Diagnosis;
      readonly cycle: SchedulingCycle;
    }
  | {
      readonly outcome: "unschedulable";
      readonly diagnosis: Diagnosis;
      /** As the PodScheduled condition and the FailedScheduling event tell it. */
      readonly message: string;
      readonly victims?: Victims;
      /** The node to nominate; empty to clear the nomination, undefined to leave it. */
      readonly nominatedNodeName?: string;
      readonly postFilter?: PostFilterResult;
      readonly cycle: SchedulingCycle;
    }
  | { readonly outcome: "gated"; readonly rejection: Rejection }
  | { readonly outcome: "error"; readonly message: string; readonly diagnosis: Diagnosis; readonly cycle: SchedulingCycle };

/** Whether a pod may enter the queue at all (RunPreEnqueuePlugins). */
export const preEnqueue = (profile: Profile, pod: PodInfo, cluster: Cluster): Rejection | undefined => {
  for (const plugin of profile.preEnqueue) {
    const verdict = plugin.preEnqueue?.(pod.pod, cluster);
    if (verdict) return verdict;
  }
  return undefined;
};

/** Decides where a pod goes, or why nowhere and what would make room. Pure: nothing is written, nothing is remembered but in `memory`. */
export const decide = (cluster: Cluster, pod: PodInfo, profile: Profile, random: Random, memory?: CycleMemory): Decision => {
  const gate = preEnqueue(profile, pod, cluster);
  if (gate) return { outcome: "gated", rejection: gate };
  return place(new SchedulingCycle(pod, profile, cluster, random, memory));
};

/** The scheduling cycle of a pod that may be scheduled (schedulePod, and the PostFilter plugins where it fails). */
export const place = (cycle: SchedulingCycle): Decision => {
  const { cluster, profile, random } = cycle;
  if (cluster.nodes.length === 0) return withoutNodes(cycle);
  const rejection = cycle.preFilter();
  if (rejection) {
    const diagnosis = cycle.rejectedByPreFilter(rejection);
    return rejection.code === "Error" ? { outcome: "error", message: messageOf(rejection), diagnosis, cycle } : unplaced(cycle, diagnosis);
  }
  const { nodes: feasible, slots, diagnosis } = cycle.findFeasible(enoughNodes(cluster.nodes.length, profile.percentageOfNodesToScore));
  if (feasible.length === 0) return unplaced(cycle, diagnosis);
  if (feasible.length === 1) return { outcome: "scheduled", node: feasible[0]!, feasible, diagnosis, cycle };
  const totals = totalScores(cycle, feasible, slots);
  return { outcome: "scheduled", node: feasible[pickHighest(totals, random)]!, feasible, diagnosis, cycle };
};

/** There is no node at all (ErrNoNodesAvailable). */
export const withoutNodes = (cycle: SchedulingCycle): Decision => {
  const diagnosis: Diagnosis = { ...noRejections, nodes: 0 };
  return { outcome: "unschedulable", diagnosis, message: noNodesMessage, cycle };
};

/** Asks the PostFilter plugins for a way out, and says how it stands. */
export const unplaced = (cycle: SchedulingCycle, diagnosis: Diagnosis): Decision => {
  const failed = diagnosis.rejections.find(({ code }) => code === "Error");
  if (failed) return { outcome: "error", message: messageOf(failed), diagnosis, cycle };
  const messages: string[] = [];
  let result: PostFilterResult | undefined;
  for (const plugin of cycle.profile.postFilter) {
    const answer = plugin.postFilter?.(cycle, diagnosis);
    if (!answer) continue;
    result = answer;
    if (answer.success) break;
    if (answer.message) messages.push(answer.message);
  }
  return {
    outcome: "unschedulable",
    diagnosis,
    message: fitErrorMessage(diagnosis, result?.success ? "" : messages.join(", ")),
    victims: result?.victims,
    nominatedNodeName: result?.nominatedNodeName,
    postFilter: result,
    cycle,
  };
};
