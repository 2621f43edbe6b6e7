import { expect, test } from "vitest";
import type { EndpointSlice, Service } from "../api/types.ts";
import { usableEndpoints } from "./endpoints.ts";
import { rulesOf } from "./rules.ts";

const service = (spec: Partial<NonNullable<Service["spec"]>>, labels?: Readonly<Record<string, string>>): Service => ({
  metadata: { name: "shop", namespace: "ns", ...(labels && { labels }) },
  spec: { clusterIP: "10.96.0.7", ports: [{ name: "http", port: 80, nodePort: 30_080 }], ...spec },
});

type Conditions = NonNullable<EndpointSlice["endpoints"]>[number]["conditions"];
const slice = (...endpoints: readonly (readonly [address: string, node: string, conditions?: Conditions])[]): EndpointSlice => ({
  metadata: { name: "shop-1", namespace: "ns" },
  addressType: "IPv4",
  ports: [{ name: "http", port: 8080, protocol: "TCP" }],
  endpoints: endpoints.map(([address, nodeName, conditions = { ready: true }]) => ({ addresses: [address], nodeName, conditions })),
});

test.each([
  ["a cluster address", {}, ["cluster-ip 10.96.0.7:80", "node-port undefined:30080"]],
  [
    "external addresses",
    { externalIPs: ["203.0.113.9"] },
    ["cluster-ip 10.96.0.7:80", "external-ip 203.0.113.9:80", "node-port undefined:30080"],
  ],
  ["a headless Service has none", { clusterIP: "None" }, []],
  ["an ExternalName has none", { type: "ExternalName" }, []],
])("the doors of a Service: %s", (_what, spec, doors) => {
  const found = rulesOf(service(spec as Partial<NonNullable<Service["spec"]>>), []).flatMap((rule) => rule.doors);
  expect(found.map(({ kind, address, port }) => `${kind} ${String(address)}:${port}`)).toEqual(doors);
});

test("a Service that names another proxy is left alone", () => {
  expect(rulesOf(service({}, { "service.kubernetes.io/service-proxy-name": "mine" }), [slice(["10.244.0.2", "ann"])])).toEqual([]);
});

test.each([
  ["ready endpoints of every node", slice(["a", "ann"], ["b", "bob"]), "ann", false, ["a", "b"]],
  ["only the node's own where the policy is Local", slice(["a", "ann"], ["b", "bob"]), "ann", true, ["a"]],
  ["none where the node has none", slice(["b", "bob"]), "ann", true, []],
  ["not those that are not ready", slice(["a", "ann", { ready: false }], ["b", "bob"]), "ann", false, ["b"]],
  [
    "terminating ones that still serve when no other is left",
    slice(
      ["a", "ann", { ready: false, serving: true, terminating: true }],
      ["b", "bob", { ready: false, serving: false, terminating: true }],
    ),
    "ann",
    false,
    ["a"],
  ],
] as const)("packets reach %s", (_what, endpoints, node, localOnly, reached) => {
  const [rule] = rulesOf(service({}), [endpoints]);
  expect(usableEndpoints(rule!.endpoints, { node, zone: undefined, localOnly }).map(({ address }) => address)).toEqual(reached);
});
