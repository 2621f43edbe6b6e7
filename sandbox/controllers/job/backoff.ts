import type { Pod } from "../../api/types.ts";
import { finishedAt } from "./pods.ts";
import { hasSucceeded } from "../workloads/pods.ts";

const FIRST_MS = 10_000;
const LAST_MS = 600_000;

/** How often a Job's pods failed since one last succeeded, and when the last did. */
export interface BackoffRecord {
  readonly failures: number;
  readonly lastFailure: number | undefined;
}

export const noFailures: BackoffRecord = { failures: 0, lastFailure: undefined };

/** The record after these pods, which were not counted yet, have ended. */
export const afterPods = (record: BackoffRecord, finished: readonly Pod[]): BackoffRecord => {
  let next = record;
  for (const pod of finished.toSorted((a, b) => finishedAt(a) - finishedAt(b))) {
    if (hasSucceeded(pod)) next = { failures: 0, lastFailure: undefined };
    else next = { failures: next.failures + 1, lastFailure: finishedAt(pod) };
  }
  return next;
};

/** Milliseconds until the next pod may be made: 10 s after the first failure, twice as long after each more, 10 minutes at most. */
export const untilNextTry = ({ failures, lastFailure }: BackoffRecord, now: number): number => {
  if (failures === 0 || lastFailure === undefined) return 0;
  const delay = Math.min(FIRST_MS * 2 ** (failures - 1), LAST_MS);
  return Math.max(0, lastFailure + delay - now);
};
