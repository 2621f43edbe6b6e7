import type { Decision } from "../framework/decide.ts";
import { fitErrorMessage } from "../framework/diagnosis.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { NodeRow, ScoreCell } from "./explanation.ts";
import type { Suggestion } from "./suggestion.ts";

/** A decision in one sentence. */
export const summaryOf = (
  pod: PodInfo,
  decision: Exclude<Decision, { outcome: "gated" }>,
  rows: readonly NodeRow[],
  suggestion: Suggestion | undefined,
): string => {
  switch (decision.outcome) {
    case "scheduled":
      return placed(pod, decision.node.name, rows);
    case "error":
      return `${pod.key} could not be scheduled: ${decision.message}.`;
    case "unschedulable":
      return unplaced(pod, decision, suggestion);
  }
};

const placed = ({ key }: PodInfo, node: string, rows: readonly NodeRow[]): string => {
  const chosen = rows.find(({ verdict }) => verdict === "chosen");
  if (!chosen) return `${key} goes to ${node}.`;
  const others = rows.filter(({ verdict }) => verdict === "feasible");
  if (others.length === 0) return `${key} goes to ${chosen.node}: no other node would do.`;
  const ties = others.filter(({ total }) => total === chosen.total).length;
  const of = `${String(others.length + 1)} nodes would do`;
  if (ties > 0)
    return `${key} goes to ${chosen.node}: ${of}, ${String(ties + 1)} of them score ${String(chosen.total)}, and chance chose among those.`;
  const second = others.reduce((best, row) => ((row.total ?? 0) > (best.total ?? 0) ? row : best));
  const why = greatestLead(chosen.scores, second.scores);
  return `${key} goes to ${chosen.node}: ${of}, and it scores ${String(chosen.total)} where ${second.node} comes next with ${String(second.total)}${why ? `, mostly for ${why}` : ""}.`;
};

/** The plugin by which one node is furthest ahead of another. */
const greatestLead = (scores: readonly ScoreCell[], others: readonly ScoreCell[]): string | undefined => {
  let most = 0;
  let plugin: string | undefined;
  for (const cell of scores) {
    const lead = cell.weighted - (others.find((other) => other.plugin === cell.plugin)?.weighted ?? 0);
    if (lead > most) {
      most = lead;
      plugin = cell.plugin;
    }
  }
  return plugin;
};

const unplaced = (
  { key }: PodInfo,
  decision: Extract<Decision, { outcome: "unschedulable" }>,
  suggestion: Suggestion | undefined,
): string => {
  const { diagnosis, victims } = decision;
  if (diagnosis.nodes === 0) return `${key} fits nowhere: there are no nodes.`;
  const reasons = fitErrorMessage(diagnosis)
    .replace(/^0\/\d+ nodes are available: ?/, "")
    .replace(/\.$/, "");
  const nodes = diagnosis.nodes === 1 ? "the only node" : `any of ${String(diagnosis.nodes)} nodes`;
  const start = `${key} does not fit ${nodes}${reasons ? ` (${reasons})` : ""}`;
  if (victims) return `${start}; ${victims.pods.map((victim) => victim.key).join(", ")} must leave ${victims.node.name} for it.`;
  return suggestion ? `${start}; ${suggestion.words}.` : `${start}.`;
};
