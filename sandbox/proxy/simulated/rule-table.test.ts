import { expect, test } from "vitest";
import { SeededRandom } from "../../base/random/random.ts";
import type { ServiceRule } from "../rules.ts";
import { RuleTable } from "./rule-table.ts";

const endpoint = (address: string, node: string) => ({
  address,
  port: 8080,
  node,
  ready: true,
  serving: true,
  terminating: false,
  forZones: undefined,
  forNodes: undefined,
});
const rule = (parts: Partial<ServiceRule> = {}): ServiceRule => ({
  name: "ns/shop:http",
  protocol: "TCP",
  doors: [
    { kind: "cluster-ip", address: "10.96.0.7", port: 80 },
    { kind: "node-port", address: undefined, port: 30_080 },
  ],
  endpoints: [endpoint("a", "ann"), endpoint("b", "bob")],
  internalLocal: false,
  externalLocal: false,
  affinitySeconds: undefined,
  ...parts,
});

const tableOf = (programmed: ServiceRule): { table: RuleTable; time: { now: number } } => {
  const time = { now: 0 };
  const table = new RuleTable(new SeededRandom(1), () => time.now);
  table.node("ann", ["172.18.0.2"], undefined);
  table.node("cid", ["172.18.0.4"], undefined);
  table.program("ns/shop", [programmed]);
  return { table, time };
};

test("every endpoint gets its share of connections", () => {
  const { table } = tableOf(rule());
  const reached = Array.from({ length: 100 }, () => table.deliver("10.96.0.7", 80, "TCP", { node: "ann" }) as { address: string });
  expect(new Set(reached.map(({ address }) => address))).toEqual(new Set(["a", "b"]));
});

test("a client keeps its endpoint for as long as the session affinity says", () => {
  const { table, time } = tableOf(rule({ affinitySeconds: 10 }));
  const from = { address: "10.244.0.9", node: "ann" };
  const first = table.deliver("10.96.0.7", 80, "TCP", from);
  for (let round = 0; round < 20; round++) expect(table.deliver("10.96.0.7", 80, "TCP", from)).toEqual(first);
  const later = Array.from({ length: 20 }, () => ((time.now += 11_000), JSON.stringify(table.deliver("10.96.0.7", 80, "TCP", from))));
  expect(new Set(later).size).toBe(2);
});

test.each([
  ["a Service without endpoints refuses", rule({ endpoints: [] }), "10.96.0.7", 80, { node: "ann" }, "refused"],
  ["a local Service without an endpoint here is silent", rule({ internalLocal: true }), "10.96.0.7", 80, { node: "cid" }, "dropped"],
  [
    "a stranger at a node without an endpoint hears nothing when the policy is Local",
    rule({ externalLocal: true }),
    "172.18.0.4",
    30_080,
    {},
    "dropped",
  ],
  ["an address that is no Service's is nobody's business", rule(), "10.96.0.8", 80, { node: "ann" }, undefined],
] as const)("%s", (_title, programmed, address, port, from, expected) => {
  expect(tableOf(programmed).table.deliver(address, port, "TCP", from)).toEqual(expected);
});

test("node ports answer at every node", () => {
  const { table } = tableOf(rule({ externalLocal: true }));
  expect(table.deliver("172.18.0.2", 30_080, "TCP", {})).toEqual({ address: "a", port: 8080 });
});

test("a Service that is gone has no rules", () => {
  const { table } = tableOf(rule());
  table.program("ns/shop", []);
  expect(table.deliver("10.96.0.7", 80, "TCP", {})).toBeUndefined();
});
