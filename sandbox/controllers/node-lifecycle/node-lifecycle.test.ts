import { expect, test } from "vitest";
import type { Node } from "../../api/types.ts";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { defaultControllerOptions as options } from "../options.ts";
import { EvictionQueues } from "./evictions.ts";
import { heardOf, silencedConditions } from "./health.ts";
import { NOT_READY, UNREACHABLE, withConditionTaints, withEvictionTaint } from "./taints.ts";
import { evictionRate, zoneState } from "./zones.ts";

const node = (
  conditions: Readonly<Record<string, string>>,
  taints: readonly { key: string; effect: string }[] = [],
  unschedulable = false,
): Node => ({
  metadata: { name: "ann", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { taints, ...(unschedulable && { unschedulable }) },
  status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status, lastHeartbeatTime: "2026-01-01T00:00:00Z" })) },
});

const keysOf = (taints: readonly { key: string; effect: string }[]): string[] =>
  taints.map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`);

test.each<[string, Node, string[]]>([
  ["ready", node({ Ready: "True", MemoryPressure: "False" }), []],
  ["not ready", node({ Ready: "False" }), ["not-ready:NoSchedule"]],
  ["silent", node({ Ready: "Unknown", DiskPressure: "Unknown" }), ["unreachable:NoSchedule"]],
  [
    "short of memory and cordoned",
    node({ Ready: "True", MemoryPressure: "True" }, [], true),
    ["memory-pressure:NoSchedule", "unschedulable:NoSchedule"],
  ],
  [
    "ready again",
    node({ Ready: "True" }, [
      { key: NOT_READY, effect: "NoSchedule" },
      { key: "mine", effect: "NoSchedule" },
    ]),
    ["mine:NoSchedule"],
  ],
])("a node that is %s has the taints of its conditions", (_title, given, taints) => {
  expect(keysOf(withConditionTaints(given, 0))).toEqual(taints);
});

test("a node is unreachable or not ready to its pods, never both", () => {
  const tainted = node({ Ready: "Unknown" }, [{ key: NOT_READY, effect: "NoExecute" }]);
  expect(keysOf(withEvictionTaint(tainted, UNREACHABLE, 0))).toEqual(["unreachable:NoExecute"]);
  expect(withEvictionTaint(tainted, undefined, 0)).toEqual([]);
});

test("a renewed lease is a sign of life, the same one again is none", () => {
  const ready = node({ Ready: "True" });
  const lease = (renewTime: string) => ({ metadata: {}, spec: { renewTime } });
  const first = heardOf(ready, lease("2026-01-01T00:00:10Z"), undefined, 1000);
  expect(heardOf(ready, lease("2026-01-01T00:00:10Z"), first, 5000).probed).toBe(1000);
  expect(heardOf(ready, lease("2026-01-01T00:00:20Z"), first, 5000).probed).toBe(5000);
});

test("of a silent node nothing is known any more", () => {
  const [ready, ...others] = silencedConditions(node({ Ready: "True" }), 0);
  expect(ready).toMatchObject({
    type: "Ready",
    status: "Unknown",
    reason: "NodeStatusUnknown",
    message: "Kubelet stopped posting node status.",
  });
  expect(others.map(({ type, reason }) => [type, reason])).toEqual(
    ["MemoryPressure", "DiskPressure", "PIDPressure"].map((type) => [type, "NodeStatusNeverUpdated"]),
  );
});

test("a zone that is partly down is evicted from slowly if it is large, and not at all if it is small", () => {
  const zone = (up: number, down: number): Node[] => [
    ...Array.from({ length: up }, () => node({ Ready: "True" })),
    ...Array.from({ length: down }, () => node({ Ready: "Unknown" })),
  ];
  expect(zoneState(zone(9, 1), options)).toBe("Normal");
  expect(zoneState(zone(4, 6), options)).toBe("PartialDisruption");
  expect(zoneState(zone(0, 2), options)).toBe("FullDisruption");
  expect([evictionRate("PartialDisruption", 10, false, options), evictionRate("PartialDisruption", 60, false, options)]).toEqual([0, 0.01]);
  expect(evictionRate("FullDisruption", 3, true, options)).toBe(0);
});

test("nodes of a zone are evicted from one after the other", async () => {
  const clock = new ClusterClock({ start: 0, speed: 0 });
  const evicted: string[] = [];
  const queues = new EvictionQueues(clock, (name) => evicted.push(name));
  queues.setRate("z", 0.1);
  for (const name of ["a", "b", "c"]) queues.add("z", name);
  await clock.advance(1);
  expect(evicted).toEqual(["a"]);
  queues.remove("b");
  await clock.advance(10_000);
  expect(evicted).toEqual(["a", "c"]);
});
