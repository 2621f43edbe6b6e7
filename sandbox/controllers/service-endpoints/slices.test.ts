import { expect, test } from "vitest";
import type { Endpoint, EndpointSlice } from "../../api/types.ts";
import { keyOfEndpoint, packSlices, reuseRemoved, type Packing } from "./slices.ts";

const endpoint = (at: number, ready = true): Endpoint => ({
  addresses: [`10.0.0.${at}`],
  conditions: { ready },
  targetRef: { kind: "Pod", namespace: "shop", name: `p${at}` },
});
const group = (...ats: number[]) => ({
  ports: [{ name: "", port: 80, protocol: "TCP" }],
  endpoints: new Map(ats.map((at) => [keyOfEndpoint(endpoint(at)), endpoint(at)])),
});
const slice = (name: string, ...ats: number[]): EndpointSlice => ({
  metadata: { name },
  addressType: "IPv4",
  ports: [{ name: "", port: 80, protocol: "TCP" }],
  endpoints: ats.map((at) => endpoint(at)),
});
const packing: Packing = {
  fresh: (ports) => ({ metadata: { generateName: "web-" }, addressType: "IPv4", ports: [...ports], endpoints: [] }),
  refreshed: (same) => same,
  most: 3,
};

const sizes = (slices: readonly EndpointSlice[]): number[] => slices.map(({ endpoints }) => endpoints!.length);

test("new endpoints fill as few slices as they need", () => {
  const { create } = packSlices([], [group(1, 2, 3, 4)], packing);
  expect(sizes(create)).toEqual([3, 1]);
});

test("what stays the same is not written", () => {
  const changes = packSlices([slice("a", 1, 2, 3), slice("b", 4)], [group(1, 2, 3, 4)], packing);
  expect([changes.create, changes.update, changes.remove].flat()).toEqual([]);
  expect(changes.keep).toHaveLength(2);
});

test("a slice that changes anyhow is filled before another is touched", () => {
  const { create, update, keep } = packSlices([slice("a", 1, 2, 9), slice("b", 3)], [group(1, 2, 3, 4)], packing);
  expect(create).toEqual([]);
  expect(update.map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(keep.map(({ metadata }) => metadata.name)).toEqual(["b"]);
});

test("a slice of ports that nobody has any more goes, or becomes the new one", () => {
  const old: EndpointSlice = { ...slice("old", 1), ports: [{ name: "", port: 8080, protocol: "TCP" }] };
  const changes = packSlices([old], [group(1)], packing);
  expect(changes.remove).toEqual([old]);
  const reused = reuseRemoved(changes, () => true);
  expect(reused.create).toEqual([]);
  expect(reused.update[0]).toMatchObject({ metadata: { name: "old" }, ports: [{ port: 80 }] });
});
