import { request } from "node:https";
import { describe, expect, test } from "vitest";
import { isStream } from "../../sandbox/apiserver/server/http.ts";
import { configMaps } from "../../sandbox/api/resources.ts";
import { startCluster, type Cluster } from "../../sandbox/cluster/cluster.ts";
import { answered, components, prepare } from "../fuzz/fuzz.ts";
import { httpOf, type FuzzRequest } from "../fuzz/request.ts";

const collection = "/api/v1/namespaces/default/configmaps";
const start = (): Promise<Cluster> => startCluster({ seed: 3, disable: components });

const post = (body: string, type = "application/json", target = collection): FuzzRequest => ({
  method: "POST",
  target,
  headers: { "content-type": type },
  body: Buffer.from(body),
});

const settings = (name: string, data = "{}"): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":${data}}`;

describe("bodies", () => {
  const limit = 3 * 1024 * 1024;
  const widgets = "/apis/fuzz.test/v1/namespaces/default/widgets";
  const deep = (levels: number): string =>
    `{"apiVersion":"fuzz.test/v1","kind":"Widget","metadata":{"name":"deep"},"spec":{"rest":${'{"a":'.repeat(levels)}1${"}".repeat(levels)}}}`;
  test.each<[string, FuzzRequest, number]>([
    ["one byte above 3 MiB", post(settings("big").padEnd(limit + 1)), 413],
    ["3 MiB, most of it space", post(settings("wide").padEnd(limit)), 201],
    ["a value that the store is too small for", post(settings("fat", `{"a":"${"x".repeat(2 * 1024 * 1024)}"}`)), 422],
    ["some levels of nesting", post(deep(100), "application/json", widgets), 201],
    ["a thousand levels of nesting", post(deep(1000), "application/json", widgets), 400],
    ["a hundred thousand open brackets", post("[".repeat(100_000)), 400],
    ["YAML nested a thousand times", post(`a: ${"[".repeat(1000)}${"]".repeat(1000)}`, "application/yaml"), 400],
    [
      "aliases upon aliases",
      post(
        `a: &a [${"x,".repeat(9)}]\n${Array.from({ length: 9 }, (_, at) => `b${String(at)}: &b${String(at)} [${`*${at === 0 ? "a" : `b${String(at - 1)}`},`.repeat(9)}]`).join("\n")}`,
        "application/yaml",
      ),
      400,
    ],
    [
      "50,000 labels",
      post(`{"metadata":{"name":"labels","labels":{${Array.from({ length: 50_000 }, (_, at) => `"k${String(at)}":"v"`).join(",")}}}}`),
      201,
    ],
    ["a key named __proto__", post(settings("proto", '{"__proto__":"polluted"}')), 201],
  ])("%s", async (_, asked, code) => {
    await using cluster = await start();
    await prepare(cluster);
    expect((await answered(cluster, asked))?.code).toBe(code);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test.each([
    [
      "a copy of the whole object into itself, again and again",
      400,
      (at: number) => ({ op: "copy", from: "", path: `/metadata/annotations/x${String(at)}` }),
    ],
    ["a list that doubles with every operation", 40, () => ({ op: "copy", from: "/data", path: "/data/a" })],
  ])("a JSON patch with %s is refused", async (_, times, operation) => {
    await using cluster = await start();
    await answered(cluster, post(settings("patched", '{"a":"1"}')));
    const body = Buffer.from(
      JSON.stringify([
        { op: "add", path: "/metadata/annotations", value: {} },
        ...Array.from({ length: times }, (_each, at) => operation(at)),
      ]),
    );
    const patch = { method: "PATCH", target: `${collection}/patched`, headers: { "content-type": "application/json-patch+json" }, body };
    expect((await answered(cluster, patch))?.code).toBe(422);
  });
});

const send = (method: string, target: string, body: string, headers: Readonly<Record<string, string>>): FuzzRequest => ({
  method,
  target,
  headers,
  body: Buffer.from(body),
});
const apply = { "content-type": "application/apply-patch+yaml" };

test.each<[string, FuzzRequest, number]>([
  [
    "an applied configuration without metadata",
    send("PATCH", `${collection}/applied?fieldManager=me`, '{"apiVersion":"v1","kind":"ConfigMap"}', apply),
    400,
  ],
  ["an applied configuration of no version", send("PATCH", `${collection}/applied?fieldManager=me`, '{"apiVersion":{}}', apply), 400],
  ["a field selector by a name that every object has", send("GET", `${collection}?fieldSelector=__proto__%3D1`, "", {}), 400],
  [
    "a watch of objects as a list",
    send("GET", `${collection}?watch=1`, "", { accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io" }),
    200,
  ],
  [
    "a definition whose versions are null",
    post(
      '{"metadata":{"name":"a.b.c"},"spec":{"versions":null,"group":"b.c","names":{}}}',
      "application/json",
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    ),
    422,
  ],
])("%s gets the answer of a client's mistake", async (_, asked, code) => {
  await using cluster = await start();
  expect((await answered(cluster, asked))?.code).toBe(code);
});

describe("watches", () => {
  const watching = async (cluster: Cluster, write: (chunk: Uint8Array | string) => boolean) => {
    const gone = new AbortController();
    const response = await cluster.controlPlane.serve(
      httpOf({ method: "GET", target: `${collection}?watch=1&resourceVersion=0`, headers: {}, body: new Uint8Array() }, gone.signal)!,
    );
    let ended = false;
    const never = Promise.withResolvers<undefined>().promise;
    if (!isStream(response.body)) throw new Error(`watch answered ${String(response.code)}`);
    response.body.start({ write, drained: () => never, end: () => (ended = true), abort: () => (ended = true) });
    return { gone, ended: () => ended };
  };

  test("two thousand at once each see a change once, and leave nothing behind", async () => {
    await using cluster = await start();
    const seen = new Map<number, number>();
    const open = [];
    for (let index = 0; index < 2000; index++)
      open.push(
        await watching(cluster, (chunk) => {
          if (Buffer.from(chunk).includes('"name":"news"')) seen.set(index, (seen.get(index) ?? 0) + 1);
          return true;
        }),
      );
    await answered(cluster, post(settings("news")));
    await cluster.settle();
    expect(seen.size).toBe(2000);
    expect(new Set(seen.values())).toEqual(new Set([1]));
    for (const { gone } of open) gone.abort();
    await answered(cluster, post(settings("later", '{"name":"news"}')));
    await cluster.settle();
    expect(new Set(seen.values())).toEqual(new Set([1]));
  });

  test("one that nobody reads is cut off before it fills the memory", { timeout: 60_000 }, async () => {
    await using cluster = await start();
    let written = 0;
    const slow = await watching(cluster, () => ++written < 0);
    const created = await cluster.client.create(configMaps, { metadata: { name: "busy", namespace: "default" } });
    for (let change = 0; change < 10_100; change++)
      await cluster.client.patch(
        configMaps,
        { namespace: "default", name: created.metadata.name! },
        { type: "merge", body: { data: { at: String(change) } } },
      );
    expect(written).toBeLessThan(10);
    expect(slow.ended()).toBe(true);
  });
});

test("what is created and deleted leaves nothing behind", { timeout: 60_000 }, async () => {
  await using cluster = await start();
  const live = async (): Promise<number> => (await cluster.client.list(configMaps)).items.length;
  const round = async (): Promise<void> => {
    for (let index = 0; index < 1000; index++) {
      const name = `c${String(index)}`;
      await answered(cluster, post(settings(name, `{"a":"${"x".repeat(1000)}"}`)));
      await answered(cluster, { method: "DELETE", target: `${collection}/${name}`, headers: {}, body: new Uint8Array() });
    }
  };
  const before = await live();
  await round();
  const warm = process.memoryUsage().rss;
  for (let rounds = 0; rounds < 4; rounds++) await round();
  expect(await live()).toBe(before);
  expect(process.memoryUsage().rss - warm).toBeLessThan(300 * 1024 * 1024);
});

test("uploads that end in the middle leave a server that answers", { timeout: 60_000 }, async () => {
  await using cluster = await startCluster({ seed: 3, live: true, listen: { port: 0 }, disable: components });
  const { pki } = cluster.controlPlane;
  const options = { ca: pki.ca.certificate, rejectUnauthorized: false, agent: false as const };
  const aborted = (): Promise<void> =>
    new Promise((resolve) => {
      const upload = request(new URL(collection, cluster.url), {
        ...options,
        method: "POST",
        headers: { "content-type": "application/json", "content-length": "1000000" },
      });
      upload.on("error", () => resolve());
      upload.write("{".repeat(1000), () => upload.destroy());
      upload.on("close", () => resolve());
    });
  for (let index = 0; index < 50; index++) await aborted();
  const code = await new Promise((resolve, reject) => {
    request(new URL("/version", cluster.url), options, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(code).toBe(200);
});
