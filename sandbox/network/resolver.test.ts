import { expect, test } from "vitest";
import { candidates, parseResolverConfig, resolve } from "./resolver.ts";

const config = parseResolverConfig("search ns.svc.cluster.local svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5 timeout:2\n");

test("resolv.conf is read", () => {
  expect(config).toEqual({ servers: ["10.96.0.10"], searches: ["ns.svc.cluster.local", "svc.cluster.local"], ndots: 5 });
});

test.each([
  ["web", ["web.ns.svc.cluster.local", "web.svc.cluster.local", "web"]],
  [
    "web.ns.svc.cluster.local",
    ["web.ns.svc.cluster.local.ns.svc.cluster.local", "web.ns.svc.cluster.local.svc.cluster.local", "web.ns.svc.cluster.local"],
  ],
  ["a.b.c.d.e.f", ["a.b.c.d.e.f", "a.b.c.d.e.f.ns.svc.cluster.local", "a.b.c.d.e.f.svc.cluster.local"]],
  ["web.", ["web"]],
])("%s is looked for as %j", (name, names) => {
  expect(candidates(name, config)).toEqual(names);
});

test("the first name that has records is the answer", () => {
  const found = resolve("web", "A", config, (server, name, type) => {
    expect(server).toBe("10.96.0.10");
    return name === "web.svc.cluster.local"
      ? { code: "NOERROR", records: [{ name, type, ttl: 5, data: "10.0.0.1" }] }
      : { code: "NXDOMAIN", records: [] };
  });
  expect(found).toMatchObject({ name: "web.svc.cluster.local", records: [{ data: "10.0.0.1" }] });
});
