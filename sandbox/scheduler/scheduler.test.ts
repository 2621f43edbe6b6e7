import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventsV1Events, nodes, pods } from "../api/resources.ts";
import type { EventsV1Event, Pod } from "../api/types.ts";
import { StatusError } from "../apimachinery/errors/status.ts";
import { conflict } from "../apimachinery/errors/constructors.ts";
import { ClusterClock } from "../base/clock/cluster-clock.ts";
import { SeededRandom } from "../base/random/random.ts";
import { schedulerOptions } from "./config/configuration.ts";
import { inTreePlugins } from "./config/registry.ts";
import type { Plugin } from "./framework/plugin.ts";
import { createScheduler, Scheduler } from "./scheduler.ts";
import { FakeApi } from "./testing/fake-api.ts";
import { aNode, aPod } from "./testing/objects.ts";

let api: FakeApi;
let clock: ClusterClock;
let scheduler: Scheduler;

beforeEach(async () => {
  api = new FakeApi();
  clock = new ClusterClock({ start: 0, speed: 0 });
  scheduler = createScheduler({ client: api.client(), clock, random: new SeededRandom(5), hostname: "ann" });
  await scheduler.start();
});

afterEach(() => scheduler.stop());

const pod = (name: string): Pod => api.get(pods, `shop/${name}`)!;
const nodeOf = (name: string): string | undefined => pod(name).spec?.nodeName;
const condition = (name: string) => pod(name).status?.conditions?.find(({ type }) => type === "PodScheduled");
const events = (name: string): readonly EventsV1Event[] => api.all(eventsV1Events).filter(({ regarding }) => regarding?.name === name);

describe("a pod that fits", () => {
  test("is bound, and its event says where", async () => {
    api.put(nodes, aNode("ann"));
    api.put(pods, aPod("web"));
    await clock.advance(0);
    expect(nodeOf("web")).toBe("ann");
    expect(events("web")).toMatchObject([
      {
        type: "Normal",
        reason: "Scheduled",
        action: "Binding",
        note: "Successfully assigned shop/web to ann",
        reportingController: "default-scheduler",
        reportingInstance: "default-scheduler-ann",
      },
    ]);
  });

  test("counts on its node before the API has written it", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(nodes, aNode("bob", { cpu: "1" }));
    for (const name of ["a", "b", "c"]) api.put(pods, aPod(name, { cpu: "1" }));
    await clock.advance(0);
    expect([nodeOf("a"), nodeOf("b")].sort()).toEqual(["ann", "bob"]);
    expect(nodeOf("c")).toBeUndefined();
  });

  test("is left to the scheduler that it names", async () => {
    api.put(nodes, aNode("ann"));
    api.put(pods, aPod("web", { spec: { schedulerName: "another" } }));
    await clock.advance(60_000);
    expect(nodeOf("web")).toBeUndefined();
  });
});

describe("a pod that fits nowhere", () => {
  test("is told why, in its status and by an event", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(pods, aPod("web", { cpu: "2" }));
    await clock.advance(0);
    const message =
      "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";
    expect(condition("web")).toMatchObject({
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime: "1970-01-01T00:00:00Z",
    });
    expect(events("web")).toMatchObject([{ type: "Warning", reason: "FailedScheduling", action: "Scheduling", note: message }]);
  });

  test("hears that there are no nodes at all", async () => {
    api.put(pods, aPod("web"));
    await clock.advance(0);
    expect(condition("web")?.message).toBe("no nodes available to schedule pods");
  });

  test("is tried again as soon as a node is added, after its back-off", async () => {
    api.put(pods, aPod("web"));
    await clock.advance(0);
    api.put(nodes, aNode("ann"));
    await clock.advance(999);
    expect(nodeOf("web")).toBeUndefined();
    await clock.advance(1);
    expect(nodeOf("web")).toBe("ann");
  });

  test("is not tried again for an event that cannot help it", async () => {
    api.put(nodes, aNode("ann", { taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] }));
    api.put(pods, aPod("other", { on: "ann", cpu: "1" }));
    api.put(pods, aPod("web"));
    await clock.advance(0);
    api.remove(pods, "shop/other");
    await clock.advance(60_000);
    expect(scheduler.queue.pending).toMatchObject({ unschedulable: 1 });
    api.put(nodes, aNode("ann"));
    await clock.advance(0);
    expect(nodeOf("web")).toBe("ann");
  });

  test("is tried without a cause after five minutes", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(pods, aPod("web", { cpu: "2" }));
    await clock.advance(6 * 60_000);
    expect(scheduler.attempts.of("shop/web")?.time).toBeGreaterThan(5 * 60_000);
  });

  test("fits once a pod leaves", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(pods, aPod("old", { on: "ann", cpu: "1" }));
    api.put(pods, aPod("web", { cpu: "1" }));
    await clock.advance(2000);
    expect(nodeOf("web")).toBeUndefined();
    api.put(pods, { ...pod("old"), status: { phase: "Succeeded" } });
    await clock.advance(0);
    expect(nodeOf("web")).toBe("ann");
  });
});

describe("preemption", () => {
  test("removes lesser pods, nominates the node, and the pod gets it once they are gone", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(pods, aPod("old", { on: "ann", cpu: "1", priority: 1, status: { startTime: "1970-01-01T00:00:00Z" } }));
    api.put(pods, aPod("web", { cpu: "1", priority: 10 }));
    await clock.advance(0);
    expect(api.get(pods, "shop/old")).toBeUndefined();
    expect(pod("web").status?.nominatedNodeName).toBe("ann");
    expect(events("old")).toMatchObject([
      { reason: "Preempted", action: "Preempting", note: "Preempted by pod uid-of-shop/web on node ann", related: { name: "web" } },
    ]);
    await clock.advance(1000);
    expect(nodeOf("web")).toBe("ann");
  });

  test("keeps the room for the pod against lesser ones", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.put(pods, aPod("old", { on: "ann", cpu: "1", priority: 1 }));
    api.put(pods, aPod("web", { cpu: "1", priority: 10 }));
    await clock.advance(0);
    api.put(pods, aPod("late", { cpu: "1", priority: 5 }));
    await clock.advance(2000);
    expect([nodeOf("web"), nodeOf("late")]).toEqual(["ann", undefined]);
  });
});

describe("scheduling gates", () => {
  test("keep a pod from being scheduled until the last one is removed", async () => {
    api.put(nodes, aNode("ann"));
    const gated = api.put(pods, aPod("web", { spec: { schedulingGates: [{ name: "example.com/wait" }] } }));
    await clock.advance(1000);
    expect(nodeOf("web")).toBeUndefined();
    expect(scheduler.queue.pending.gated).toBe(1);
    api.put(pods, { ...gated, spec: { ...gated.spec, schedulingGates: [] } });
    await clock.advance(0);
    expect(nodeOf("web")).toBe("ann");
  });
});

describe("a binding that fails", () => {
  test("frees the node, is told, and is tried again after a while", async () => {
    api.put(nodes, aNode("ann", { cpu: "1" }));
    api.refuseBinding = () => new StatusError({ ...conflict({ group: "", resource: "pods/binding" }, "web", "try later").status });
    api.put(pods, aPod("web", { cpu: "1" }));
    await clock.advance(0);
    expect(condition("web")).toMatchObject({ reason: "SchedulerError" });
    expect(condition("web")?.message).toMatch(/^binding rejected: running Bind plugin "DefaultBinder": /);
    expect(scheduler.cache.node("ann")?.pods).toEqual([]);
    api.refuseBinding = undefined;
    await clock.advance(1000);
    expect(nodeOf("web")).toBe("ann");
  });
});

test("pods of higher priority go first", async () => {
  for (const [name, priority] of [
    ["low", 1],
    ["high", 9],
    ["middle", 5],
  ] as const)
    api.put(pods, aPod(name, { cpu: "1", priority }));
  await clock.advance(0);
  api.put(nodes, aNode("ann", { cpu: "2" }));
  await clock.advance(10_000);
  expect([nodeOf("high"), nodeOf("middle"), nodeOf("low")]).toEqual(["ann", "ann", undefined]);
});

test("a pod that a Permit plugin keeps is bound once it is allowed, and given up when that takes too long", async () => {
  const keeper: Plugin = { name: "Keeper", permit: () => 5000 };
  const registry = new Map([...inTreePlugins, ["Keeper", () => keeper]]);
  const options = schedulerOptions(
    { profiles: [{ schedulerName: "careful", plugins: { permit: { enabled: [{ name: "Keeper" }] } } }] },
    registry,
  );
  const careful = new Scheduler({ client: api.client(), clock, random: new SeededRandom(1) }, options);
  await careful.start();
  api.put(nodes, aNode("ann", { cpu: "2" }));
  for (const name of ["a", "b"]) api.put(pods, aPod(name, { cpu: "1", spec: { schedulerName: "careful" } }));
  await clock.advance(1000);
  careful.waitingPods.allow("uid-of-shop/a", "Keeper");
  await clock.advance(0);
  expect([nodeOf("a"), nodeOf("b")]).toEqual(["ann", undefined]);
  await clock.advance(4000);
  expect(condition("b")?.message).toBe("rejected due to timeout after waiting 5s at plugin Keeper");
  await careful.stop();
});
