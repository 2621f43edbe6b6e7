import { describe, expect, test } from "vitest";
import type { Device, DeviceClass, DeviceClaim, ResourceClaim, ResourceSlice } from "../../../api/types.ts";
import { SeededRandom } from "../../../base/random/random.ts";
import { snapshotOf } from "../../cache/snapshot.ts";
import { schedulerOptions } from "../../config/configuration.ts";
import { SchedulingCycle } from "../../framework/cycle.ts";
import { place } from "../../framework/decide.ts";
import { PodInfo } from "../../framework/pod-info.ts";
import { aNode, aPod } from "../../testing/objects.ts";
import { Allocator } from "./allocator.ts";

const driver = "gpu.example.com";
const gpus: DeviceClass = {
  metadata: { name: "gpu" },
  spec: { selectors: [{ cel: { expression: `device.driver == "${driver}"` } }] },
};

const slice = (node: string, devices: readonly Device[], more: Partial<ResourceSlice["spec"]> = {}): ResourceSlice => ({
  metadata: { name: `${node}-slice` },
  spec: { driver, nodeName: node, pool: { name: node, generation: 1, resourceSliceCount: 1 }, devices, ...more },
});

const device = (name: string, model: string, memory: string): Device => ({
  name,
  attributes: { model: { string: model }, [`${driver}/board`]: { string: name.charAt(0) } },
  capacity: { memory: { value: memory } },
});

const claim = (name: string, devices: DeviceClaim, status?: ResourceClaim["status"]): ResourceClaim => ({
  metadata: { name, namespace: "shop", uid: `uid-of-${name}` },
  spec: { devices },
  ...(status && { status }),
});

const exactly = (more: object = {}): DeviceClaim => ({ requests: [{ name: "gpu", exactly: { deviceClassName: "gpu", ...more } }] });

const clusterWith = (slices: readonly ResourceSlice[], claims: readonly ResourceClaim[]) =>
  snapshotOf({
    nodes: [aNode("ann"), aNode("bob")],
    pods: [],
    objects: { resourceslices: slices, resourceclaims: claims, deviceclasses: [gpus] },
  });

const slices = [
  slice("ann", [device("a0", "small", "16Gi")]),
  slice("bob", [device("b0", "large", "80Gi"), device("b1", "large", "80Gi")]),
];

const profile = schedulerOptions().profiles.get("default-scheduler")!;
const decided = (claims: readonly ResourceClaim[], use: readonly string[]) => {
  const pod = new PodInfo(aPod("web", { spec: { resourceClaims: use.map((name) => ({ name, resourceClaimName: name })) } }));
  return place(new SchedulingCycle(pod, profile, clusterWith(slices, claims), new SeededRandom(1)));
};
const outcome = (claims: readonly ResourceClaim[], use: readonly string[]): string => {
  const decision = decided(claims, use);
  if (decision.outcome === "scheduled") return decision.feasible.map(({ name }) => name).join(" ");
  return decision.outcome === "gated" ? "gated" : decision.message;
};

describe("a pod goes where the devices are that it claims", () => {
  test.each<[string, DeviceClaim, string]>([
    ["any of a class", exactly(), "ann bob"],
    ["two of a class", exactly({ count: 2 }), "bob"],
    ["all of a class", exactly({ allocationMode: "All" }), "ann bob"],
    ["by an attribute", exactly({ selectors: [{ cel: { expression: `device.attributes["${driver}"].model == "small"` } }] }), "ann"],
    [
      "by a capacity",
      exactly({ selectors: [{ cel: { expression: `device.capacity["${driver}"].memory.isGreaterThan(quantity("40Gi"))` } }] }),
      "bob",
    ],
    [
      "of a domain that it has not",
      exactly({ selectors: [{ cel: { expression: `"x" in device.attributes["other.example.com"]` } }] }),
      "0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ],
    ["with a common attribute", { ...exactly({ count: 2 }), constraints: [{ matchAttribute: `${driver}/board` }] }, "bob"],
    [
      "or else another",
      {
        requests: [
          {
            name: "gpu",
            firstAvailable: [
              { name: "three", deviceClassName: "gpu", count: 3 },
              { name: "one", deviceClassName: "gpu" },
            ],
          },
        ],
      },
      "ann bob",
    ],
    [
      "of a class that there is not",
      { requests: [{ name: "gpu", exactly: { deviceClassName: "none" } }] },
      "0/2 nodes are available: request gpu: device class none does not exist. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ],
  ])("%s", (_what, devices, expected) => {
    expect(outcome([claim("one", devices)], ["one"])).toBe(expected);
  });

  test("unless another claim has them", () => {
    const taken = claim("other", exactly(), {
      allocation: { devices: { results: [{ request: "gpu", driver, pool: "ann", device: "a0" }] } },
    });
    expect(outcome([taken, claim("one", exactly())], ["one"])).toBe("bob");
  });

  test("and, once it is allocated, only there", () => {
    const allocation = {
      devices: { results: [{ request: "gpu", driver, pool: "ann", device: "a0" }] },
      nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["ann"] }] }] },
    };
    expect(outcome([claim("one", exactly(), { allocation })], ["one"])).toBe("ann");
  });

  test("with devices enough for all of its claims", () => {
    expect(outcome([claim("one", exactly()), claim("two", exactly())], ["one", "two"])).toBe("bob");
  });
});

test("an allocation names the devices, their configuration, and the node that has them", () => {
  const wanted = { ...exactly(), config: [{ opaque: { driver, parameters: { mode: "fast" } } }] } as DeviceClaim;
  const cluster = clusterWith(slices, [claim("one", wanted)]);
  expect(new Allocator(cluster).allocate([claim("one", wanted)], cluster.node("ann")!)).toEqual([
    {
      devices: {
        results: [{ request: "gpu", driver, pool: "ann", device: "a0" }],
        config: [{ source: "FromClaim", opaque: { driver, parameters: { mode: "fast" } } }],
      },
      nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["ann"] }] }] },
    },
  ]);
});

test("devices that share counters are only had while those last", () => {
  const counters = { sharedCounters: [{ name: "board", counters: { slots: { value: "3" } } }] };
  const part = (name: string): Device => ({ name, consumesCounters: [{ counterSet: "board", counters: { slots: { value: "2" } } }] });
  const cluster = clusterWith([slice("ann", [part("x"), part("y")], counters)], []);
  const node = cluster.node("ann")!;
  expect(new Allocator(cluster).allocate([claim("one", exactly())], node)).toBeDefined();
  expect(new Allocator(cluster).allocate([claim("two", exactly({ count: 2 }))], node)).toBeUndefined();
});
