import { expect, test } from "vitest";
import type { Event } from "../../api/types.ts";
import { EventCorrelator } from "./correlator.ts";

const event = (message: string, name = "e1"): Event => ({
  metadata: { name, namespace: "shop" },
  involvedObject: { kind: "Pod", name: "web", namespace: "shop", uid: "u1", apiVersion: "v1" },
  source: { component: "kubelet" },
  type: "Warning",
  reason: "BackOff",
  message,
  count: 1,
  firstTimestamp: "2026-01-01T00:00:00Z",
  lastTimestamp: "2026-01-01T00:00:00Z",
});

test("the same event again counts up the one that stands", () => {
  const correlator = new EventCorrelator();
  expect(correlator.correlate(event("restarting"), 0, () => "x")?.patch).toBeUndefined();
  const again = correlator.correlate({ ...event("restarting", "e2"), lastTimestamp: "2026-01-01T00:01:00Z" }, 60_000, () => "x");
  expect(again?.event.metadata.name).toBe("e1");
  expect(again?.patch).toEqual({ count: 2, lastTimestamp: "2026-01-01T00:01:00Z", message: "restarting" });
});

test("from the tenth on, events that differ by their message alone are combined", () => {
  const correlator = new EventCorrelator();
  const seen = Array.from({ length: 12 }, (_, at) => correlator.correlate(event(`try ${at}`, `e${at}`), 0, () => "combined"));
  expect(seen.slice(0, 9).every((each) => each?.patch === undefined && !each!.event.message!.startsWith("("))).toBe(true);
  expect(seen[9]?.event).toMatchObject({ metadata: { name: "combined" }, message: "(combined from similar events): try 9" });
  expect(seen[10]?.patch).toMatchObject({ count: 2, message: "(combined from similar events): try 10" });
});

test("of one object no more than 25 events get through, and one more each five minutes", () => {
  const correlator = new EventCorrelator();
  const passed = Array.from({ length: 30 }, () => correlator.correlate(event("again"), 0, () => "x")).filter((each) => each !== undefined);
  expect(passed).toHaveLength(25);
  expect(correlator.correlate(event("again"), 299_000, () => "x")).toBeUndefined();
  expect(correlator.correlate(event("again"), 600_000, () => "x")).toBeDefined();
});
