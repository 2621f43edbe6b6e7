import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { afterEach, beforeEach, expect, test } from "vitest";
import { pods, type Pod } from "../../../sandbox/index.ts";
import { ApiClient } from "./api-client.ts";
import { Collection, type Change } from "./collection.ts";
import { selfSigned } from "./self-signed.cases.ts";

const pod = (name: string, resourceVersion: string, nodeName = "ann"): Pod => ({
  metadata: { name, namespace: "shop", uid: `uid-${name}`, resourceVersion },
  spec: { containers: [], nodeName },
});

/** An API server that serves one list and lets the test write to its watches. */
class FakeServer {
  readonly server: Server;
  readonly watches: ServerResponse[] = [];
  readonly asked: string[] = [];
  items: readonly Pod[] = [];
  resourceVersion = "10";
  gone = false;

  constructor(tls: { key: string; cert: string }) {
    this.server = createServer(tls, (request, response) => {
      this.asked.push(request.url ?? "");
      if (!request.url?.includes("watch=true")) {
        response.end(JSON.stringify({ kind: "PodList", metadata: { resourceVersion: this.resourceVersion }, items: this.items }));
      } else if (this.gone) {
        this.gone = false;
        response.writeHead(410).end(JSON.stringify({ kind: "Status", code: 410, reason: "Expired", message: "too old resource version" }));
      } else {
        response.flushHeaders();
        this.watches.push(response);
      }
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const address = this.server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `https://127.0.0.1:${address.port}`;
  }

  send(type: string, object: object): void {
    this.watches.at(-1)!.write(`${JSON.stringify({ type, object })}\n`);
  }

  async watched(times: number): Promise<void> {
    while (this.watches.length < times) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

let server: FakeServer;
let client: ApiClient;
let collection: Collection<Pod>;

beforeEach(async () => {
  const tls = await selfSigned();
  server = new FakeServer(tls);
  client = new ApiClient({ server: await server.listen(), ca: tls.cert, namespace: "default" });
  collection = new Collection(client, pods, { node: ({ spec }) => [spec.nodeName ?? ""] }, 5);
});

afterEach(() => {
  collection.dispose();
  client.dispose();
  server.server.closeAllConnections();
  server.server.close();
});

const nextChange = () =>
  new Promise<Change<Pod>>((resolve) => {
    const listening = collection.onChange((change) => {
      listening.dispose();
      resolve(change);
    });
  });
const names = (found: readonly Pod[]) => found.map(({ metadata }) => metadata.name).sort();

test("a collection holds what the list says, found by its indexes", async () => {
  server.items = [pod("a", "1"), pod("b", "2"), pod("c", "3", "bob")];
  await collection.start();
  expect(names(collection.all())).toEqual(["a", "b", "c"]);
  expect(names(collection.by("node", "ann"))).toEqual(["a", "b"]);
});

test("a collection follows the watch from the list's resourceVersion", async () => {
  server.items = [pod("a", "1"), pod("b", "2")];
  await collection.start();
  await nextChange();
  await server.watched(1);
  expect(server.asked.at(-1)).toContain("resourceVersion=10");
  const change = nextChange();
  server.send("MODIFIED", pod("a", "11", "bob"));
  server.send("DELETED", pod("b", "12"));
  server.send("ADDED", pod("d", "13"));
  expect(await change).toEqual({ lists: true, modified: [pod("a", "11", "bob")] });
  expect(names(collection.by("node", "ann"))).toEqual(["d"]);
  expect(names(collection.by("node", "bob"))).toEqual(["a"]);
});

test("a watch that the server ends is resumed where it was", async () => {
  await collection.start();
  await server.watched(1);
  server.send("BOOKMARK", { metadata: { resourceVersion: "40" } });
  server.watches[0]!.end();
  await server.watched(2);
  expect(server.asked.at(-1)).toContain("resourceVersion=40");
});

test("a watch that is too old lists anew and forgets what is gone", async () => {
  server.items = [pod("a", "1"), pod("b", "2")];
  await collection.start();
  await server.watched(1);
  server.items = [pod("a", "1")];
  server.gone = true;
  server.watches[0]!.end();
  await server.watched(2);
  expect(names(collection.all())).toEqual(["a"]);
});

test("a thousand changes are told together", async () => {
  await collection.start();
  await nextChange();
  await server.watched(1);
  const change = nextChange();
  for (let index = 0; index < 1000; index++) server.send("ADDED", pod(`p${index}`, String(100 + index)));
  expect((await change).lists).toBe(true);
  while (collection.size < 1000) await new Promise((resolve) => setTimeout(resolve, 5));
});

test("a refusal keeps its reason and words", async () => {
  server.gone = true;
  const call = client.call({ path: "/api/v1/pods", query: { watch: true } });
  await expect(call).rejects.toMatchObject({ name: "StatusError", code: 410, reason: "Expired", message: "too old resource version" });
});
