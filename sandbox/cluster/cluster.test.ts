import { describe, expect, test } from "vitest";
import { configMaps, namespaces } from "../api/resources.ts";
import { startCluster } from "./cluster.ts";
import { milliseconds } from "./duration.ts";
import { firstAddress } from "./control-plane.ts";

const bare = ["scheduler", "controller-manager", "kubelet"] as const;

describe("a cluster", { timeout: 30_000 }, () => {
  test("starts with its system namespaces, and keeps what is applied", async () => {
    await using cluster = await startCluster({ seed: 7, disable: bare });
    const { items } = await cluster.client.list(namespaces);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
    await cluster.apply({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "settings", namespace: "default" },
      data: { a: "1" },
    } as never);
    expect((await cluster.client.get(configMaps, { namespace: "default", name: "settings" })).data).toEqual({ a: "1" });
  });

  test("with the same seed is the same cluster", async () => {
    const uidOf = async (seed: number): Promise<string | undefined> => {
      await using cluster = await startCluster({ seed, disable: bare });
      return (await cluster.client.get(namespaces, { name: "default" })).metadata.uid;
    };
    expect(await uidOf(7)).toBe(await uidOf(7));
    expect(await uidOf(7)).not.toBe(await uidOf(8));
  });

  test("time stands until it is told to pass", async () => {
    await using cluster = await startCluster({ seed: 7, disable: bare });
    const before = cluster.clock.now();
    await cluster.advance("6m");
    expect(cluster.clock.now() - before).toBe(360_000);
  });
});

test.each([
  ["6m", 360_000],
  ["1h30m", 5_400_000],
  ["500ms", 500],
  [250, 250],
])("%j is %i milliseconds", (duration, expected) => expect(milliseconds(duration)).toBe(expected));

test("what is no duration is refused", () => expect(() => milliseconds("6 minutes")).toThrow(RangeError));

test.each([
  ["10.96.0.0/16", "10.96.0.1"],
  ["fd00:1::/112", "fd00:1::1"],
])("the API server's own address in %s is %s", (range, address) => expect(firstAddress(range)).toBe(address));
