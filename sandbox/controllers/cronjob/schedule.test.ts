import { expect, test } from "vitest";
import { parseSchedule } from "./schedule.ts";
import { WallClock } from "./wall-clock.ts";

const next = (schedule: string, from: string, zone?: string): string | undefined => {
  const time = parseSchedule(schedule, zone).next(Date.parse(from));
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);
};

test.each([
  ["* * * * *", "2026-03-01T10:00:00Z", "2026-03-01T10:01"],
  ["*/15 * * * *", "2026-03-01T10:50:00Z", "2026-03-01T11:00"],
  ["30 4 1,15 * *", "2026-03-01T10:00:00Z", "2026-03-15T04:30"],
  ["0 9 * * mon-fri", "2026-03-06T09:00:00Z", "2026-03-09T09:00"],
  ["0 0 13 * fri", "2026-03-01T00:00:00Z", "2026-03-06T00:00"],
  ["0 0 29 2 *", "2026-03-01T00:00:00Z", "2028-02-29T00:00"],
  ["@weekly", "2026-03-03T00:00:00Z", "2026-03-08T00:00"],
  ["@every 90s", "2026-03-01T10:00:00Z", "2026-03-01T10:01"],
])("after a time, %s comes next at the first that fits", (schedule, from, expected) => expect(next(schedule, from)).toBe(expected));

test("a day that no month has never comes", () => expect(next("0 0 30 2 *", "2026-01-01T00:00:00Z")).toBeUndefined());

test("an hour that the clocks skip in spring does not come, one that they repeat in autumn comes twice", () => {
  expect(next("30 2 * * *", "2026-03-28T12:00:00Z", "Europe/Berlin")).toBe("2026-03-30T00:30");
  const first = next("30 2 * * *", "2026-10-24T12:00:00Z", "Europe/Berlin")!;
  expect(first).toBe("2026-10-25T00:30");
  expect(next("30 2 * * *", `${first}:00Z`, "Europe/Berlin")).toBe("2026-10-25T01:30");
});

test("a time is written with the zone's own offset", () => {
  expect(new WallClock("Asia/Kolkata").rfc3339(Date.parse("2026-01-01T00:00:00Z"))).toBe("2026-01-01T05:30:00+05:30");
  expect(new WallClock("UTC").rfc3339(Date.parse("2026-01-01T00:00:00Z"))).toBe("2026-01-01T00:00:00Z");
});

test.each(["* * * *", "61 * * * *", "5-1 * * * *", "*/0 * * * *", "@sometimes", "@every soon"])("%s is no schedule", (text) => {
  expect(() => parseSchedule(text)).toThrow();
});
