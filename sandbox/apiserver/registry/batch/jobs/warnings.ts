import type { JobSpec } from "../../../../api/types.ts";
import { templateWarnings } from "../../core/podspec/warnings.ts";

/** WarningsForJobSpec. */
export const jobSpecWarnings = ({ completionMode, completions = 0, parallelism = 0, template }: JobSpec, path: string): string[] => [
  ...(completionMode === "Indexed" && completions > 100_000 && parallelism > 10_000
    ? [
        `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
      ]
    : []),
  ...(template ? templateWarnings(template, `${path}.template`) : []),
];
