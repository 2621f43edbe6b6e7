import { createServer, type Server } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { hostNow } from "../../base/clock/host.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { CertificateAuthority } from "../../cluster/certificates/authority.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { isStream, type HttpResponse } from "../server/http.ts";
import { requestInfoOf } from "../server/request-info.ts";
import { aggregator } from "./aggregator.ts";

/** What the extension API server was told, and by whom. */
interface Told {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly by: string | undefined;
}

let server: Server;
let told: Told[] = [];
let caBundle = "";
let frontProxy: { certificate: string; key: string };

beforeAll(async () => {
  const [authority, proxyAuthority] = await Promise.all(
    ["extension-ca", "front-proxy-ca"].map((name) => CertificateAuthority.create(name, hostNow())),
  );
  const own = await authority!.issue({ commonName: "boats", usages: ["server"], dnsNames: ["boats.harbour.svc"] }, hostNow());
  frontProxy = await proxyAuthority!.issue({ commonName: "front-proxy-client", usages: ["client"] }, hostNow());
  caBundle = Buffer.from(authority!.pair.certificate).toString("base64");
  const trusted = { ca: proxyAuthority!.pair.certificate, requestCert: true, rejectUnauthorized: true };
  server = createServer({ cert: own.certificate, key: own.key, ...trusted }, (request, response) => {
    const by = (request.socket as unknown as Pick<TLSSocket, "getPeerCertificate">).getPeerCertificate().subject.CN;
    told.push({ url: request.url ?? "", headers: request.headers, by: Array.isArray(by) ? by[0] : by });
    response.setHeader("content-type", "application/json").end('{"kind":"BoatList"}');
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const stored = (available: string, bundle: string): Reader => {
  const { port } = server.address() as AddressInfo;
  const objects: Readonly<Record<string, readonly object[]>> = {
    apiservices: [
      {
        metadata: { name: "v1.test.example" },
        spec: { group: "test.example", version: "v1", service: { namespace: "harbour", name: "boats", port: 443 }, caBundle: bundle },
        status: { conditions: [{ type: "Available", status: available }] },
      },
    ],
    services: [{ metadata: { name: "boats", namespace: "harbour" }, spec: { clusterIP: "10.0.0.9", ports: [{ port: 443 }] } }],
    endpointslices: [
      {
        metadata: { name: "boats-1", namespace: "harbour", labels: { "kubernetes.io/service-name": "boats" } },
        endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
        ports: [{ port }],
      },
    ],
  };
  const list = (_group: string, resource: string) => (objects[resource] ?? []) as readonly AnyObject[];
  return {
    list,
    get: (group, resource, _namespace, name) => list(group, resource).find(({ metadata }) => metadata.name === name),
    podsOn: () => [],
  };
};

const path = "/apis/test.example/v1/boats";
const ask = async (reader: Reader): Promise<HttpResponse | undefined> => {
  told = [];
  const headers = { "authorization": "Bearer secret", "impersonate-user": "root", "x-remote-user": "root", "accept": "application/json" };
  const user = {
    name: "ann",
    groups: ["sailors", "system:authenticated"],
    extra: { "example.com/ship%": ["argo", "beagle"] },
  };
  const request = {
    method: "GET",
    path,
    query: new URLSearchParams("limit=5"),
    headers,
    remoteAddress: "10.0.0.1:5",
    body: () => Promise.resolve(new Uint8Array()),
    signal: new AbortController().signal,
  };
  return aggregator({ reader, random: new SeededRandom(1), certificate: frontProxy })({
    request,
    info: requestInfoOf("GET", path, request.query),
    user,
  });
};

test("an extension API server is told by our front proxy who asks, and gets no credentials", async () => {
  const response = await ask(stored("True", caBundle));
  if (isStream(response?.body)) response.body.cancel();
  expect(response?.code).toBe(200);
  expect(told).toMatchObject([{ url: `${path}?limit=5`, by: "front-proxy-client" }]);
  const { headers } = told[0]!;
  expect(headers["x-remote-user"]).toBe("ann");
  expect(headers["x-remote-group"]).toBe("sailors, system:authenticated");
  expect(headers["x-remote-extra-example.com%2fship%25"] ?? headers["x-remote-extra-example.com%2Fship%25"]).toBe("argo, beagle");
  expect(headers).not.toHaveProperty("authorization");
  expect(headers).not.toHaveProperty("impersonate-user");
});

test("a server that is not available is not asked", async () => {
  expect(await ask(stored("False", caBundle))).toMatchObject({ code: 503, body: "service unavailable\n" });
  expect(told).toEqual([]);
});

test("a server whose certificate another authority signed is not believed", async () => {
  const other = await CertificateAuthority.create("other-ca", hostNow());
  const response = await ask(stored("True", Buffer.from(other.pair.certificate).toString("base64")));
  expect(response?.code).toBe(503);
  expect(told).toEqual([]);
});

test("requests for group versions of our own are left alone", () => {
  const nobody: Reader = { list: () => [], get: () => undefined, podsOn: () => [] };
  expect(
    aggregator({ reader: nobody, random: new SeededRandom(1), certificate: frontProxy })({
      request: { path: "/apis/apps/v1/deployments" } as never,
      info: requestInfoOf("GET", "/apis/apps/v1/deployments", new URLSearchParams()),
      user: { name: "ann", groups: [] },
    }),
  ).toBeUndefined();
});
