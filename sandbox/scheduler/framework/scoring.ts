import type { Random } from "../../base/random/random.ts";
import type { SchedulingCycle } from "./cycle.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Plugin } from "./plugin.ts";
import type { WeightedPlugin } from "./profile.ts";

/** One plugin's scores of the feasible nodes, in their order. */
export interface PluginScores {
  readonly plugin: Plugin;
  readonly weight: number;
  /** As the plugin gave them. */
  readonly raw: Float64Array;
  /** Normalized to 0 … 100, not weighted. */
  readonly scores: Float64Array;
}

export interface Scoring {
  readonly byPlugin: readonly PluginScores[];
  /** Weighted sums. */
  readonly totals: Float64Array;
}

interface Active extends WeightedPlugin {
  /** Where its raw scores are remembered. */
  readonly at: number;
  readonly isRemembered: boolean;
  readonly isZero: boolean;
}

/** Runs the PreScore plugins; answers the score plugins that have something to say, and remembers what depends on pod and node alone. */
const prepare = (cycle: SchedulingCycle, feasible: readonly NodeInfo[], slots: readonly number[]): readonly Active[] => {
  const { pod, profile } = cycle;
  let skipped: Set<Plugin> | undefined;
  let zero: Set<Plugin> | undefined;
  for (const plugin of profile.preScore) {
    const answer = plugin.preScore?.(pod, feasible, cycle);
    if (answer === "skip") (skipped ??= new Set<Plugin>()).add(plugin);
    else if (answer === "zero") (zero ??= new Set<Plugin>()).add(plugin);
  }
  const active: Active[] = [];
  profile.score.forEach(({ plugin, weight }, at) => {
    if (!skipped?.has(plugin))
      active.push({ plugin, weight, at, isRemembered: plugin.key?.(pod) !== undefined, isZero: zero?.has(plugin) ?? false });
  });
  const { scored, scores, fixed } = cycle.verdicts;
  const { generations } = cycle.cluster;
  for (let index = 0; index < slots.length; index++) {
    const slot = slots[index]!;
    if (scored[slot] === generations[slot]) continue;
    const node = feasible[index]!;
    let sum = 0;
    for (const { plugin, weight, at, isRemembered } of active) {
      if (!isRemembered) continue;
      const value = plugin.score!(pod, node, cycle);
      scores[at]![slot] = value;
      if (!plugin.normalize) sum += value * weight;
    }
    fixed[slot] = sum;
    scored[slot] = node.generation;
  }
  return active;
};

const rawScores = (
  cycle: SchedulingCycle,
  feasible: readonly NodeInfo[],
  slots: readonly number[],
  { plugin, at, isRemembered, isZero }: Active,
): Float64Array => {
  const count = feasible.length;
  const scores = new Float64Array(count);
  if (isZero) return scores;
  if (isRemembered) {
    const known = cycle.verdicts.scores[at]!;
    for (let index = 0; index < count; index++) scores[index] = known[slots[index]!]!;
  } else for (let index = 0; index < count; index++) scores[index] = plugin.score!(cycle.pod, feasible[index]!, cycle);
  return scores;
};

const addWeighted = (totals: Float64Array, scores: Float64Array, weight: number): void => {
  for (let index = 0; index < totals.length; index++) totals[index]! += scores[index]! * weight;
};

/** RunPreScorePlugins and RunScorePlugins: the weighted sums alone. */
export const totalScores = (cycle: SchedulingCycle, feasible: readonly NodeInfo[], slots: readonly number[]): Float64Array => {
  const active = prepare(cycle, feasible, slots);
  const { fixed } = cycle.verdicts;
  const totals = new Float64Array(feasible.length);
  for (let index = 0; index < totals.length; index++) totals[index] = fixed[slots[index]!]!;
  for (const entry of active) {
    const { plugin, weight, isRemembered, isZero } = entry;
    if (!plugin.normalize && (isRemembered || isZero)) continue;
    const scores = rawScores(cycle, feasible, slots, entry);
    plugin.normalize?.(scores, feasible, cycle);
    addWeighted(totals, scores, weight);
  }
  return totals;
};

/** The same with every plugin's part, raw and normalized. */
export const detailedScores = (cycle: SchedulingCycle, feasible: readonly NodeInfo[]): Scoring => {
  const totals = new Float64Array(feasible.length);
  const slots = feasible.map(({ slot }) => slot);
  const byPlugin = prepare(cycle, feasible, slots).map((entry): PluginScores => {
    const { plugin, weight } = entry;
    const raw = rawScores(cycle, feasible, slots, entry);
    const scores = raw.slice();
    plugin.normalize?.(scores, feasible, cycle);
    addWeighted(totals, scores, weight);
    return { plugin, weight, raw, scores };
  });
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
