import { expect, test } from "vitest";
import type { Deployment, ReplicaSet } from "../../api/types.ts";
import { annotations } from "./annotations.ts";
import { activeOrLatest, maxSurge, maxUnavailable, newSetSize, proportions } from "./sizes.ts";

const deployment = (replicas: number, surge: number | string, unavailable: number | string): Deployment => ({
  metadata: { name: "web" },
  spec: {
    replicas,
    selector: {},
    template: { spec: { containers: [] } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: surge, maxUnavailable: unavailable } },
  },
});

const set = (name: string, replicas: number, max?: number): ReplicaSet => ({
  metadata: {
    name,
    creationTimestamp: `2026-01-0${name.length}T00:00:00Z`,
    ...(max && { annotations: { [annotations.max]: String(max) } }),
  },
  spec: { replicas, selector: {} },
});

test.each([
  [10, "25%", "25%", 3, 2],
  [3, "25%", "25%", 1, 0],
  [1, 0, 0, 0, 1],
  [0, "25%", "25%", 0, 0],
])("%i replicas with a surge of %s and %s unavailable may be %i over and %i under", (replicas, surge, unavailable, over, under) => {
  const asked = deployment(replicas, surge, unavailable);
  expect([maxSurge(asked), maxUnavailable(asked)]).toEqual([over, under]);
});

test("a new ReplicaSet grows as far as the surge lets it", () => {
  expect(newSetSize(deployment(10, "25%", "25%"), [set("a", 10)], 0)).toBe(3);
  expect(newSetSize(deployment(10, "25%", "25%"), [set("a", 10), set("bb", 3)], 3)).toBe(3);
});

test("in the middle of a rollout a Deployment is scaled in proportion", () => {
  const sizes = proportions(deployment(15, "30%", "20%"), [set("a", 8, 13), set("bb", 5, 13)]);
  expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBe(20);
  expect([...sizes].map(([{ metadata }, size]) => [metadata.name, size])).toEqual([
    ["a", 12],
    ["bb", 8],
  ]);
});

test("when one ReplicaSet asks for pods it is the one that is scaled; when none does, the newest", () => {
  expect(activeOrLatest(undefined, [set("a", 0), set("bb", 2)])?.metadata.name).toBe("bb");
  expect(activeOrLatest(undefined, [set("a", 0), set("bb", 0)])?.metadata.name).toBe("bb");
  expect(activeOrLatest(set("a", 1), [set("bb", 1)])).toBeUndefined();
});
