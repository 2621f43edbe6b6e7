import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../base/random/random.ts";
import { snapshotOf } from "../cache/snapshot.ts";
import { schedulerOptions } from "../config/configuration.ts";
import { SchedulingCycle } from "../framework/cycle.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { aNode, aPod } from "../testing/objects.ts";
import type { Extender } from "./extender.ts";
import { placeWithExtenders } from "./place.ts";

const profile = schedulerOptions().profiles.get("default-scheduler")!;
const extender = (more: Partial<Extender>): Extender => ({
  name: "http://example.com",
  ignorable: false,
  weight: 1,
  isInterested: () => true,
  ...more,
});

const decided = async (...extenders: readonly Extender[]): Promise<string> => {
  const cluster = snapshotOf({ nodes: ["ann", "bob", "cid"].map((name) => aNode(name)), pods: [] });
  const decision = await placeWithExtenders(
    new SchedulingCycle(new PodInfo(aPod("web")), profile, cluster, new SeededRandom(1)),
    extenders,
  );
  if (decision.outcome === "scheduled") return decision.node.name;
  return decision.outcome === "gated" ? "" : decision.message;
};

describe("an extender", () => {
  test("takes nodes away", async () => {
    const picky = extender({
      filter: () => Promise.resolve({ kept: ["bob"], failed: { ann: "too old" }, failedAndUnresolvable: { cid: "too far" } }),
    });
    expect(await decided(picky)).toBe("bob");
  });

  test("says why none of them will do", async () => {
    const picky = extender({
      filter: () => Promise.resolve({ kept: [], failed: { ann: "too old", bob: "too old" }, failedAndUnresolvable: { cid: "too far" } }),
    });
    expect(await decided(picky)).toBe(
      "0/3 nodes are available: 1 too far, 2 too old. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.",
    );
  });

  test("adds its scores, ten for a hundred", async () => {
    expect(await decided(extender({ prioritize: () => Promise.resolve({ cid: 1 }) }))).toBe("cid");
  });

  test("agrees to who is preempted, or to nobody", async () => {
    const cluster = snapshotOf({
      nodes: ["ann", "bob"].map((name) => aNode(name)),
      pods: ["ann", "bob"].map((on) => aPod(`on-${on}`, { on, cpu: "4" })),
    });
    const pod = new PodInfo(aPod("web", { cpu: "1", priority: 5 }));
    const outcome = async (preempt: NonNullable<Extender["preempt"]>) => {
      const decision = await placeWithExtenders(new SchedulingCycle(pod, profile, cluster, new SeededRandom(1)), [extender({ preempt })]);
      return decision.outcome === "unschedulable" ? decision.victims?.node.name : decision.outcome;
    };
    expect(await outcome((_pod, candidates) => Promise.resolve(candidates.filter(({ node }) => node.name === "bob")))).toBe("bob");
    expect(await outcome(() => Promise.resolve([]))).toBeUndefined();
  });

  test("that fails fails the pod, unless it may be ignored", async () => {
    const filter = () => Promise.reject(new Error("no route to host"));
    expect(await decided(extender({ filter }))).toBe("no route to host");
    expect(["ann", "bob", "cid"]).toContain(await decided(extender({ filter, ignorable: true })));
  });
});
