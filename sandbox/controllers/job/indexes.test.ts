import { expect, test } from "vitest";
import { afterPods, noFailures, untilNextTry } from "./backoff.ts";
import { Indexes } from "./indexes.ts";

test.each([
  ["", [0], "0"],
  ["0", [1], "0,1"],
  ["0,1", [2], "0-2"],
  ["0-2,5", [3, 4], "0-5"],
  ["1,3", [7], "1,3,7"],
])("the indexes %s with %j are written %s", (before, more, after) => expect(Indexes.parse(before, 100).with(more).toString()).toBe(after));

test("indexes that the Job has no more are left out", () => {
  expect(Indexes.parse("1-5,8", 4).toString()).toBe("1-3");
  expect(Indexes.parse("0-4", 10).common(Indexes.parse("3-7", 10))).toBe(2);
});

test("after each failure the next pod has to wait twice as long, up to ten minutes; a success forgives all", () => {
  expect([1, 2, 3, 20].map((failures) => untilNextTry({ failures, lastFailure: 0 }, 0))).toEqual([10_000, 20_000, 40_000, 600_000]);
  expect(untilNextTry({ failures: 1, lastFailure: 0 }, 4000)).toBe(6000);
  const pod = (phase: string, at: string) => ({ metadata: { creationTimestamp: at }, spec: { containers: [] }, status: { phase } });
  const record = afterPods(noFailures, [
    pod("Failed", "2026-01-01T00:00:00Z"),
    pod("Succeeded", "2026-01-01T00:01:00Z"),
    pod("Failed", "2026-01-01T00:02:00Z"),
  ]);
  expect(record.failures).toBe(1);
});
