import type { Pod } from "../../api/types.ts";
import type { Client } from "../../client/client.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterEventHint } from "./events.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Rejection, Verdict } from "./rejection.ts";
import type { Diagnosis, SchedulingCycle } from "./cycle.ts";

/** The score of the best node (framework.MaxNodeScore). */
export const maxNodeScore = 100;

/**
 * What a plugin that looks across nodes has counted. It is brought up to date node by node, so that a cycle pays for the nodes
 * that changed alone; a simulated node is shown to it the same way and taken back by showing the real one again.
 */
export interface Tally {
  /** Counts a node anew; undefined when it is gone. */
  update(slot: number, node: NodeInfo | undefined): void;
}

/** How the framework keeps a plugin's tally from one cycle to the next. */
export interface Tallied {
  /** What the counts depend on besides nodes; undefined when the pod needs none. Pods with the same key share a tally. */
  key(pod: PodInfo, cluster: Cluster): string | undefined;
  create(pod: PodInfo, cluster: Cluster): Tally;
}

/** What preFilter found: the plugin has nothing to say about this pod, or only these nodes can hold it. */
export type PreFilterResult = "skip" | { readonly nodeNames?: ReadonlySet<string>; readonly state?: unknown } | Rejection | undefined;

/** What a plugin needs to act outside of the pure part of a cycle. */
export interface Acting {
  readonly client: Client;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The room that preemption makes: a node, and who leaves it (extender.Victims). */
export interface Victims {
  readonly node: NodeInfo;
  /** Most important first. */
  readonly pods: readonly PodInfo[];
  readonly disruptionBudgetViolations: number;
}

export interface PostFilterResult {
  /** The node to nominate; empty to clear the pod's nomination, undefined to leave it as it is. */
  readonly nominatedNodeName?: string;
  readonly victims?: Victims;
  /** All the ways that were found, the victims' among them. */
  readonly candidates?: readonly Victims[];
  /** What the plugin has to say about its failure. */
  readonly message?: string;
  /** Whether room was made: plugins that come after are not asked. */
  readonly success: boolean;
  /** Further work of the plugin, done after the decision. */
  readonly act?: (acting: Acting) => Promise<void>;
}

/**
 * A scheduler plugin: the extension points that it has are the methods that it has. Everything down to `score` is pure, and
 * `filter` and `score` may be asked in any order, or not at all when the answer is remembered.
 */
export interface Plugin {
  readonly name: string;
  /** What may make a pod schedulable that this plugin rejected (EventsToRegister). Absent: anything may. */
  readonly retryOn?: readonly ClusterEventHint[];

  preEnqueue?(pod: Pod, cluster: Cluster): Verdict;
  /** Negative when `a` is to be scheduled before `b`. */
  less?(a: QueuedPod, b: QueuedPod): number;

  /**
   * What of the pod the verdicts and scores of this plugin depend on. Together with the node it must decide them; undefined when it
   * does not, as where other objects or nodes count.
   */
  key?(pod: PodInfo): string | undefined;

  readonly filterTally?: Tallied;
  preFilter?(pod: PodInfo, cluster: Cluster, tally: Tally | undefined): PreFilterResult;
  filter?(pod: PodInfo, node: NodeInfo, cycle: SchedulingCycle): Verdict;
  postFilter?(cycle: SchedulingCycle, diagnosis: Diagnosis): PostFilterResult;

  readonly scoreTally?: Tallied;
  /** "skip": the plugin does not score this pod; "zero": every node would get 0. */
  preScore?(pod: PodInfo, feasible: readonly NodeInfo[], cycle: SchedulingCycle): "skip" | "zero" | undefined;
  score?(pod: PodInfo, node: NodeInfo, cycle: SchedulingCycle): number;
  /** Brings scores into 0 … maxNodeScore, in place. */
  normalize?(scores: Float64Array, feasible: readonly NodeInfo[], cycle: SchedulingCycle): void;

  reserve?(pod: PodInfo, node: NodeInfo, cycle: SchedulingCycle): Verdict;
  unreserve?(pod: PodInfo, nodeName: string, cluster: Cluster): void;
  /** A number of milliseconds: the pod waits that long at most for somebody to allow it. */
  permit?(pod: PodInfo, nodeName: string): Verdict | number;
  /** Rejects with a StatusError, or answers with a rejection. */
  preBind?(pod: PodInfo, nodeName: string, acting: Acting): Promise<Verdict>;
  /** Answers "skip" when it leaves this pod to another plugin. */
  bind?(pod: PodInfo, nodeName: string, acting: Acting): Promise<"skip" | undefined>;
  postBind?(pod: PodInfo, nodeName: string): void;
}

/** A waiting pod, as queue sorting sees it. */
export interface QueuedPod {
  readonly info: PodInfo;
  /** When it came into the queue first, in milliseconds since the epoch. */
  readonly timestamp: number;
}

/** Brings the highest score to maxNodeScore; `reverse` makes the lowest the best (helper.DefaultNormalizeScore). */
export const normalizeToMax = (scores: Float64Array, reverse = false): void => {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  if (max === 0) {
    if (reverse) scores.fill(maxNodeScore);
    return;
  }
  for (let at = 0; at < scores.length; at++) {
    const score = Math.trunc((maxNodeScore * scores[at]!) / max);
    scores[at] = reverse ? maxNodeScore - score : score;
  }
};
