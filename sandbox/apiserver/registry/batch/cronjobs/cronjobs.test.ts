import { expect, test } from "vitest";
import { judgeNew, type Given } from "../../testing/judge.ts";
import { isTimeZone, scheduleProblem } from "./schedule.ts";

const cronJob = (spec: object = {}, name = "thing"): Given => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name },
  spec: {
    schedule: "*/5 * * * *",
    jobTemplate: { spec: { template: { spec: { containers: [{ name: "work", image: "shop/sums:1" }], restartPolicy: "Never" } } } },
    ...spec,
  },
});

test.each(["0 3 * * *", "*/15 8-18 * * mon-fri", "@daily", "@every 1h30m", "0 0 1 jan ?", "0,30 * * * 0"])("%j is a schedule", (text) => {
  expect(scheduleProblem(text)).toBeUndefined();
});

test.each([
  ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
  ["61 * * * *", "end of range (61) above maximum (59): 61"],
  ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["5-2 * * * *", "beginning of range (5) beyond end of range (2): 5-2"],
  ["*/0 * * * *", "step of range should be a positive number: */0"],
  ["@sometimes", "unrecognized descriptor: @sometimes"],
])("%j is no schedule", (text, problem) => {
  expect(scheduleProblem(text)).toBe(problem);
});

test("Time zones are those of the IANA, and not the machine's", () => {
  expect([isTimeZone("Europe/Zurich"), isTimeZone("Etc/UTC"), isTimeZone("Mars/Olympus")]).toEqual([true, true, false]);
});

test("A CronJob allows its jobs to overlap, and keeps three that succeeded and one that failed", () => {
  expect(judgeNew(cronJob()).object).toMatchObject({
    spec: { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 },
  });
});

test("A CronJob's name leaves room for its jobs' suffix", () => {
  expect(judgeNew(cronJob({}, "c".repeat(52))).errors).toEqual([]);
  expect(judgeNew(cronJob({}, "c".repeat(53))).errors).toEqual([
    `metadata.name: Invalid value: "${"c".repeat(53)}": must be no more than 52 characters`,
  ]);
});

test("A CronJob says its time zone in one place", () => {
  expect(judgeNew(cronJob({ schedule: "TZ=UTC 0 0 * * *", timeZone: "Local" })).errors).toEqual([
    'spec.schedule: Invalid value: "TZ=UTC 0 0 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
    'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
  ]);
});
