import { maxNodeScore } from "../framework/plugin.ts";
import type { ResourceScore } from "./resource-allocation.ts";

/** A point of a RequestedToCapacityRatio shape: utilization in percent, score 0 … 10. */
export interface UtilizationPoint {
  readonly utilization: number;
  readonly score: number;
}

const maxUtilization = 100;
const maxCustomScore = 10;

const weightedMean =
  (scoreOf: (requested: number, allocatable: number) => number): ResourceScore =>
  (requested, allocatable, resources) => {
    let sum = 0;
    let weights = 0;
    for (let at = 0; at < resources.length; at++) {
      if (allocatable[at] === 0) continue;
      const { weight } = resources[at]!;
      sum += scoreOf(requested[at]!, allocatable[at]!) * weight;
      weights += weight;
    }
    return weights === 0 ? 0 : Math.trunc(sum / weights);
  };

/** The emptier, the better. */
export const leastAllocated = weightedMean((requested, allocatable) =>
  requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * maxNodeScore) / allocatable),
);

/** The fuller, the better: packs pods onto few nodes. */
export const mostAllocated = weightedMean((requested, allocatable) =>
  Math.trunc((Math.min(requested, allocatable) * maxNodeScore) / allocatable),
);

/** The score follows the utilization along a broken line. Resources that score nothing do not count. */
export const requestedToCapacityRatio = (shape: readonly UtilizationPoint[]): ResourceScore => {
  const line = shape.map(({ utilization, score }) => ({ utilization, score: score * (maxNodeScore / maxCustomScore) }));
  const along = brokenLine(line);
  return (requested, allocatable, resources) => {
    let sum = 0;
    let weights = 0;
    for (let at = 0; at < resources.length; at++) {
      const capacity = allocatable[at]!;
      if (capacity === 0) continue;
      const used = requested[at]!;
      const score = along(used > capacity ? maxUtilization : Math.trunc((used * maxUtilization) / capacity));
      if (score <= 0) continue;
      sum += score * resources[at]!.weight;
      weights += resources[at]!.weight;
    }
    return weights === 0 ? 0 : Math.round(sum / weights);
  };
};

const brokenLine =
  (points: readonly UtilizationPoint[]) =>
  (utilization: number): number => {
    for (let at = 0; at < points.length; at++) {
      const point = points[at]!;
      if (utilization > point.utilization) continue;
      const before = points[at - 1];
      if (!before) return point.score;
      return (
        before.score +
        Math.trunc(((point.score - before.score) * (utilization - before.utilization)) / (point.utilization - before.utilization))
      );
    }
    return points.at(-1)?.score ?? 0;
  };

/** The nearer the fractions that are used of each resource lie together, the better (balancedResourceScorer). */
export const balanced: ResourceScore = (requested, allocatable) => {
  const fractions: number[] = [];
  let total = 0;
  for (let at = 0; at < requested.length; at++) {
    if (allocatable[at] === 0) continue;
    const fraction = Math.min(1, requested[at]! / allocatable[at]!);
    total += fraction;
    fractions.push(fraction);
  }
  let deviation = 0;
  if (fractions.length === 2) deviation = Math.abs((fractions[0]! - fractions[1]!) / 2);
  else if (fractions.length > 2) {
    const mean = total / fractions.length;
    let squares = 0;
    for (const fraction of fractions) squares += (fraction - mean) * (fraction - mean);
    deviation = Math.sqrt(squares / fractions.length);
  }
  return Math.trunc((1 - deviation) * maxNodeScore);
};
