import type { PodScheduling } from "../cluster/drydock-api/pod-scheduling.ts";

/** Nodes of which the table tells; all of them are in the JSON. */
const mostNodes = 30;
const ranks = { chosen: 0, feasible: 1, rejected: 2, untried: 3 };

/** The nodes, best first, with each plugin's weighted score, or why not; then what would help. */
export const placementTable = ({ rows, suggestions }: PodScheduling): readonly string[] => {
  const sorted = [...rows].sort((a, b) => ranks[a.verdict] - ranks[b.verdict] || (b.total ?? 0) - (a.total ?? 0));
  const plugins = sorted.find(({ scores }) => scores.length > 0)?.scores.map(({ plugin }) => plugin) ?? [];
  const cells = [
    ["NODE", "VERDICT", "TOTAL", "WHY"],
    ...sorted.slice(0, mostNodes).map(({ node, verdict, total, filters, scores }) => [
      node,
      verdict,
      total === undefined ? "-" : String(total),
      filters.flatMap(({ plugin, reasons = [] }) => reasons.map((reason) => `${plugin}: ${reason}`)).join("; ") ||
        plugins
          .map((name) => scores.find(({ plugin }) => plugin === name))
          .filter((score) => score !== undefined && score.weighted !== 0)
          .map(
            (score) =>
              `${score!.plugin} ${String(score!.raw)}→${String(score!.normalized)}×${String(score!.weight)}=${String(score!.weighted)}`,
          )
          .join(", "),
    ]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return [
    ...(rows.length === 0
      ? []
      : cells.map((row) =>
          row
            .map((cell, at) => cell.padEnd(widths[at] ?? 0))
            .join("  ")
            .trimEnd(),
        )),
    ...(sorted.length > mostNodes ? [`… and ${String(sorted.length - mostNodes)} nodes more (-o json has all)`] : []),
    ...(suggestions.length === 0 ? [] : ["", "What would help (each has been tried):", ...suggestions.map(({ words }) => `- ${words}`)]),
  ];
};
