import type { Random } from "../../base/random/random.ts";
import type { ClusterCache } from "../cache/cluster-cache.ts";
import { SchedulingCycle } from "../framework/cycle.ts";
import { place, preEnqueue, type Decision } from "../framework/decide.ts";
import { CycleMemory } from "../framework/memory.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { Profile } from "../framework/profile.ts";
import { messageOf, type RejectionCode } from "../framework/rejection.ts";
import { detailedScores, type Scoring } from "../framework/scoring.ts";
import { suggestionsFor, type Suggestion } from "./suggestion.ts";
import { summaryOf } from "./summary.ts";

/** What one filter plugin said of one node; without a code it agreed. */
export interface FilterCell {
  readonly plugin: string;
  readonly code?: RejectionCode;
  readonly reasons?: readonly string[];
}

/** What one score plugin gave one node. */
export interface ScoreCell {
  readonly plugin: string;
  /** As the plugin counts. */
  readonly raw: number;
  /** 0 … 100. */
  readonly normalized: number;
  readonly weight: number;
  readonly weighted: number;
}

export interface NodeRow {
  readonly node: string;
  /** `untried`: enough others had been found, or the pod can only go to nodes that it names. */
  readonly verdict: "chosen" | "feasible" | "rejected" | "untried";
  readonly filters: readonly FilterCell[];
  readonly scores: readonly ScoreCell[];
  /** The weighted sum; absent where there was no choice to make. */
  readonly total?: number;
}

/** Why a pod goes where it goes, or nowhere: the whole table, and one sentence. */
export interface Explanation {
  /** `namespace/name`. */
  readonly pod: string;
  readonly schedulerName: string;
  readonly outcome: Decision["outcome"];
  readonly node?: string;
  /** As the PodScheduled condition tells it. */
  readonly message?: string;
  /** Set when a plugin turned the pod away before any node was looked at. */
  readonly preFilterMessage?: string;
  readonly rows: readonly NodeRow[];
  /** Pods that would have to leave, as `namespace/name`. */
  readonly victims: readonly string[];
  readonly summary: string;
  /** The node on which `victims` make room. */
  readonly nominatedNode?: string;
  /** The least change with which the pod fits: it has been tried. */
  readonly suggestion?: Suggestion;
  /** That one, and others that have been tried. */
  readonly suggestions: readonly Suggestion[];
}

export interface ExplainOptions {
  readonly random: Random;
  /** The node that chance chose among equals when it was decided. */
  readonly chosen?: string;
  /** Where the search for nodes began then. */
  readonly start?: number;
  /** Leaves the table and the suggestions out. */
  readonly brief?: boolean;
}

/** Decides again, writing down everything. Leaves the cluster as it was. */
export const explain = (cluster: ClusterCache, pod: PodInfo, profile: Profile, options: ExplainOptions): Explanation => {
  const base = { pod: pod.key, schedulerName: profile.schedulerName, victims: [], rows: [], suggestions: [] };
  const gate = preEnqueue(profile, pod, cluster);
  if (gate) return { ...base, outcome: "gated", message: messageOf(gate), summary: `${pod.key} is held back: ${messageOf(gate)}.` };

  const memory = new CycleMemory();
  memory.nextStart = options.start ?? 0;
  const cycle = new SchedulingCycle(pod, profile, cluster, options.random, memory);
  const decision = place(cycle);
  if (decision.outcome === "gated") return { ...base, outcome: "gated", summary: "" };
  const { preFilterMessage } = decision.diagnosis;
  const chosen = decision.outcome === "scheduled" ? (isAmong(decision.feasible, options.chosen) ?? decision.node.name) : undefined;
  const rows = preFilterMessage === undefined && !options.brief ? rowsOf(cycle, decision, chosen) : [];
  const suggestions = decision.outcome === "unschedulable" && !options.brief ? suggestionsFor(cluster, pod, profile, options.random) : [];
  const [suggestion] = suggestions;
  return {
    ...base,
    outcome: decision.outcome,
    node: chosen,
    message: decision.outcome === "scheduled" ? undefined : decision.message,
    preFilterMessage,
    rows,
    victims: decision.outcome === "unschedulable" ? (decision.victims?.pods.map(({ key }) => key) ?? []) : [],
    summary: summaryOf(pod, decision, rows, suggestion),
    ...(decision.outcome === "unschedulable" && decision.victims && { nominatedNode: decision.victims.node.name }),
    suggestion,
    suggestions,
  };
};

const isAmong = (feasible: readonly NodeInfo[], name: string | undefined): string | undefined =>
  feasible.some((node) => node.name === name) ? name : undefined;

const rowsOf = (cycle: SchedulingCycle, decision: Exclude<Decision, { outcome: "gated" }>, chosen: string | undefined): NodeRow[] => {
  const feasible = decision.outcome === "scheduled" ? decision.feasible : [];
  const places = new Map(feasible.map(({ name }, at) => [name, at]));
  const rejected = new Set(decision.diagnosis.rejectedNodes);
  const scoring = feasible.length > 1 ? detailedScores(cycle, feasible) : undefined;
  return cycle.cluster.nodes.map((node): NodeRow => {
    const { name } = node;
    const at = places.get(name);
    const filters = [...cycle.verdictsByPlugin(node)].map(([plugin, verdict]): FilterCell =>
      verdict ? { plugin, code: verdict.code, reasons: verdict.reasons } : { plugin },
    );
    if (at === undefined) return { node: name, verdict: rejected.has(node) ? "rejected" : "untried", filters, scores: [] };
    return {
      node: name,
      verdict: name === chosen ? "chosen" : "feasible",
      filters,
      scores: scoring ? scoresAt(scoring, at) : [],
      total: scoring?.totals[at],
    };
  });
};

const scoresAt = ({ byPlugin }: Scoring, at: number): ScoreCell[] =>
  byPlugin.map(({ plugin, weight, raw, scores }) => ({
    plugin: plugin.name,
    raw: raw[at]!,
    normalized: scores[at]!,
    weight,
    weighted: scores[at]! * weight,
  }));
