import { expect, test } from "vitest";
import type { EndpointSlice, Service } from "../api/types.ts";
import type { RecordType } from "../network/network.ts";
import { lookup, type DnsSource } from "./records.ts";

const services: readonly Service[] = [
  {
    metadata: { name: "web", namespace: "shop" },
    spec: { clusterIP: "10.96.1.1", clusterIPs: ["10.96.1.1"], ports: [{ name: "http", port: 80, protocol: "TCP" }] },
  },
  {
    metadata: { name: "db", namespace: "shop" },
    spec: { clusterIP: "None", clusterIPs: ["None"], ports: [{ name: "sql", port: 5432, protocol: "TCP" }] },
  },
  { metadata: { name: "idle", namespace: "shop" }, spec: { clusterIP: "None", clusterIPs: ["None"] } },
  { metadata: { name: "far", namespace: "shop" }, spec: { type: "ExternalName", externalName: "web.shop.svc.cluster.local" } },
];
const slice: EndpointSlice = {
  metadata: { name: "db-1", namespace: "shop", labels: { "kubernetes.io/service-name": "db" } },
  addressType: "IPv4",
  ports: [{ name: "sql", port: 5432, protocol: "TCP" }],
  endpoints: [
    { addresses: ["10.244.0.5"], hostname: "db-0", conditions: { ready: true } },
    { addresses: ["10.244.0.6"], conditions: { ready: true } },
    { addresses: ["10.244.0.7"], conditions: { ready: false } },
  ],
};
const source: DnsSource = {
  hasNamespace: (namespace) => namespace === "shop",
  service: (namespace, name) => services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  slices: (_namespace, service) => (service === "db" ? [slice] : []),
  servicesAt: (address) => services.filter(({ spec }) => spec?.clusterIP === address),
  slicesAt: (address) => (slice.endpoints!.some(({ addresses }) => addresses.includes(address)) ? [slice] : []),
};

test.each([
  ["web.shop.svc.cluster.local", "A", "10.96.1.1"],
  ["WEB.shop.svc.cluster.local", "A", "10.96.1.1"],
  ["web.shop.svc.cluster.local", "AAAA", "NOERROR"],
  ["_http._tcp.web.shop.svc.cluster.local", "SRV", "0 100 80 web.shop.svc.cluster.local."],
  ["_grpc._tcp.web.shop.svc.cluster.local", "SRV", "NXDOMAIN"],
  ["db.shop.svc.cluster.local", "A", "10.244.0.5 10.244.0.6"],
  ["db-0.db.shop.svc.cluster.local", "A", "10.244.0.5"],
  ["10-244-0-6.db.shop.svc.cluster.local", "A", "10.244.0.6"],
  [
    "_sql._tcp.db.shop.svc.cluster.local",
    "SRV",
    "0 50 5432 db-0.db.shop.svc.cluster.local. 0 50 5432 10-244-0-6.db.shop.svc.cluster.local.",
  ],
  ["idle.shop.svc.cluster.local", "A", "NXDOMAIN"],
  ["far.shop.svc.cluster.local", "A", "web.shop.svc.cluster.local. 10.96.1.1"],
  ["far.shop.svc.cluster.local", "CNAME", "web.shop.svc.cluster.local."],
  ["10-244-0-9.shop.pod.cluster.local", "A", "10.244.0.9"],
  ["10-244-0-9.none.pod.cluster.local", "A", "NXDOMAIN"],
  ["shop.svc.cluster.local", "A", "NOERROR"],
  ["none.shop.svc.cluster.local", "A", "NXDOMAIN"],
  ["1.1.96.10.in-addr.arpa", "PTR", "web.shop.svc.cluster.local."],
  ["5.0.244.10.in-addr.arpa", "PTR", "db-0.db.shop.svc.cluster.local."],
  ["example.org", "A", "none of ours"],
] as const)("%s %s is %s", (name, type: RecordType, expected) => {
  const answer = lookup(source, "cluster.local", name, type);
  const shown = !answer ? "none of ours" : answer.records.length > 0 ? answer.records.map(({ data }) => data).join(" ") : answer.code;
  expect(shown).toBe(expected);
});
