import { describe, expect, test } from "vitest";
import { SeededRandom } from "../../../../../base/random/random.ts";
import { Bench } from "../../../../bench.ts";
import { AddressRange, type IPFamily } from "./address-range.ts";
import { settleFamilies } from "./ip-families.ts";
import { Pool } from "./pool.ts";

const random = new SeededRandom(3);
const service = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });

describe("a pool", () => {
  test("gives each number out once, and leaves the lower band to those who ask", () => {
    const pool = new Pool({ first: 10, size: 6, band: 2, random });
    const given = Array.from({ length: 4 }, () => pool.takeAny());
    expect(given.toSorted()).toEqual([12, 13, 14, 15]);
    expect(pool.take(12)).toBe("allocated");
    expect(pool.take(16)).toBe("out-of-range");
    expect([pool.takeAny(), pool.takeAny()].toSorted()).toEqual([10, 11]);
    expect(pool.takeAny()).toBeUndefined();
    pool.release(13);
    expect(pool.takeAny()).toBe(13);
  });
});

describe("a range of addresses", () => {
  test.each([
    ["10.96.0.0/30", ["10.96.0.1", "10.96.0.2"]],
    ["fd00::/126", ["fd00::1", "fd00::2", "fd00::3"]],
  ])("%s has these, and never the network's own", (cidr, addresses) => {
    const range = new AddressRange(cidr, random);
    expect(addresses.map(() => range.takeAny()).toSorted()).toEqual(addresses);
    expect(range.takeAny()).toBeUndefined();
  });
});

test.each<[string, object, readonly IPFamily[], object]>([
  ["a plain Service", {}, ["IPv4"], { ipFamilyPolicy: "SingleStack", ipFamilies: ["IPv4"] }],
  [
    "a headless one without a selector",
    { clusterIP: "None", clusterIPs: ["None"] },
    ["IPv4"],
    { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv4", "IPv6"] },
  ],
  ["one that prefers two stacks where there is one", { ipFamilyPolicy: "PreferDualStack" }, ["IPv4"], { ipFamilies: ["IPv4"] }],
  [
    "one that prefers two stacks",
    { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv6"] },
    ["IPv4", "IPv6"],
    { ipFamilies: ["IPv6", "IPv4"] },
  ],
])("%s has its families settled", (_case, spec, configured, settled) => {
  const draft = service("s", spec);
  expect(settleFamilies(draft as never, undefined, configured)).toEqual([]);
  expect(draft.spec).toMatchObject(settled);
});

describe("Services", () => {
  test("a family that the cluster lacks is refused", async () => {
    await using bench = await Bench.start();
    const refusal = await bench.refusal({ verb: "create", resource: "services", object: service("s", { ipFamilies: ["IPv6"] }) });
    expect(refusal.message).toBe('Service "s" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster');
  });

  test("an address is held until the Service is deleted", async () => {
    await using bench = await Bench.start();
    const asked = { clusterIP: "10.96.0.50" };
    await bench.create("services", service("a", asked));
    const refusal = await bench.refusal({ verb: "create", resource: "services", object: service("b", asked) });
    expect(refusal.message).toContain("failed to allocate IP 10.96.0.50: provided IP is already allocated");
    await bench.object({ verb: "delete", resource: "services", name: "a" });
    expect((await bench.create("services", service("b", asked))).spec).toMatchObject({ clusterIPs: ["10.96.0.50"] });
  });

  test("a replacement that leaves addresses and ports away keeps them", async () => {
    await using bench = await Bench.start();
    const created = await bench.create("services", service("a", { type: "NodePort" }));
    const replaced = await bench.object({
      verb: "update",
      resource: "services",
      name: "a",
      object: service("a", { type: "NodePort" }),
    });
    expect(replaced.spec).toEqual(created.spec);
  });

  test("a Service that turns into an external name gives everything back", async () => {
    await using bench = await Bench.start();
    await bench.create("services", service("a", { type: "NodePort", ports: [{ port: 80, nodePort: 30_123 }] }));
    const object = { metadata: { name: "a" }, spec: { type: "ExternalName", externalName: "example.com" } } as never;
    await bench.object({ verb: "update", resource: "services", name: "a", object });
    const again = await bench.create("services", service("b", { type: "NodePort", ports: [{ port: 80, nodePort: 30_123 }] }));
    expect(again.spec).toMatchObject({ ports: [{ nodePort: 30_123 }] });
  });

  test("what failed to be created holds nothing", async () => {
    await using bench = await Bench.start();
    const spec = { type: "NodePort", ports: [{ port: 80, nodePort: 30_200 }] };
    await bench.refusal({ verb: "create", resource: "services", object: service("A_b", spec) });
    expect((await bench.create("services", service("a", spec))).spec).toMatchObject(spec);
  });
});
