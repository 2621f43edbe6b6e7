import type { Random } from "../../base/random/random.ts";
import type { SchedulingCycle } from "./cycle.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Plugin } from "./plugin.ts";

/** One plugin's scores of the feasible nodes, in their order. */
export interface PluginScores {
  readonly plugin: Plugin;
  readonly weight: number;
  /** As the plugin gave them; kept only when they were asked for. */
  readonly raw?: Float64Array;
  /** Normalized to 0 … 100, not weighted. */
  readonly scores: Float64Array;
}

export interface Scoring {
  readonly byPlugin: readonly PluginScores[];
  /** Weighted sums. */
  readonly totals: Float64Array;
}

/** RunPreScorePlugins and RunScorePlugins. `keepRaw` is for explanations. */
export const score = (cycle: SchedulingCycle, feasible: readonly NodeInfo[], keepRaw = false): Scoring => {
  const { pod, profile } = cycle;
  const skipped = new Set<Plugin>();
  for (const plugin of profile.preScore) if (plugin.preScore?.(pod, feasible, cycle) === "skip") skipped.add(plugin);
  const active = profile.score.map(({ plugin, weight }, at) => ({ plugin, weight, at })).filter(({ plugin }) => !skipped.has(plugin));
  const remembered = active.filter(({ plugin }) => plugin.key?.(pod) !== undefined);
  const { scored, scores: memory } = cycle.verdicts;
  for (const node of feasible) {
    if (scored[node.slot] === node.generation) continue;
    for (const { plugin, at } of remembered) memory[at]![node.slot] = plugin.score!(pod, node, cycle);
    scored[node.slot] = node.generation;
  }
  const count = feasible.length;
  const totals = new Float64Array(count);
  const byPlugin: PluginScores[] = [];
  for (const entry of active) {
    const { plugin, weight, at } = entry;
    const scores = new Float64Array(count);
    if (remembered.includes(entry)) {
      const known = memory[at]!;
      for (let index = 0; index < count; index++) scores[index] = known[feasible[index]!.slot]!;
    } else for (let index = 0; index < count; index++) scores[index] = plugin.score!(pod, feasible[index]!, cycle);
    const raw = keepRaw ? scores.slice() : undefined;
    plugin.normalize?.(scores, feasible, cycle);
    for (let index = 0; index < count; index++) totals[index]! += scores[index]! * weight;
    byPlugin.push({ plugin, weight, raw, scores });
  }
  return { byPlugin, totals };
};

/** Where the highest total stands; among equals chance decides (selectHost). */
export const pickHighest = (totals: Float64Array, random: Random): number => {
  let max = -Infinity;
  let ties = 0;
  for (const total of totals) {
    if (total > max) {
      max = total;
      ties = 1;
    } else if (total === max) ties++;
  }
  let choice = ties > 1 ? random.integer(ties) : 0;
  for (let index = 0; index < totals.length; index++) if (totals[index] === max && choice-- === 0) return index;
  return 0;
};

/** How many feasible nodes are enough (numFeasibleNodesToFind): all below 100, then a share that shrinks with the cluster. */
export const enoughNodes = (nodes: number, percentage: number): number => {
  if (nodes < 100) return nodes;
  const share = percentage > 0 ? percentage : Math.max(5, 50 - Math.trunc(nodes / 125));
  return Math.max(100, Math.min(nodes, Math.trunc((nodes * share) / 100)));
};
