import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EtcdStorage } from "../../../sandbox/storage/etcd/etcd-storage.ts";
import { storageCases } from "../../../sandbox/storage/storage.cases.ts";
import { etcdBinary, EtcdServer } from "./etcd-server.ts";

if (etcdBinary === undefined)
  test.skip("the store in etcd: this machine has no etcd. Fix: apt-get install -y --no-install-recommends etcd-server", () => undefined);

describe.skipIf(etcdBinary === undefined)("etcd", () => {
  let server: EtcdServer;
  beforeAll(async () => void (server = await EtcdServer.start()));
  afterAll(() => server.dispose());

  storageCases("the store in etcd", async () => {
    const storage = await EtcdStorage.open({ urls: [server.url] });
    for (const { key, modRevision } of (await storage.range("/")).items) await storage.delete(key, { expected: modRevision });
    return { storage, settle: () => pause(100) };
  });

  test("a watch goes on without a gap when etcd is killed and started again", async () => {
    const storage = await EtcdStorage.open({ urls: [server.url] });
    const from = (await storage.currentRevision()) + 1;
    const seen: number[] = [];
    const ends: Error[] = [];
    storage.watch("/restart/", from, {
      events: (events) => void seen.push(...events.map((event) => (event.type === "put" ? event.current.modRevision : event.revision))),
      ended: (error) => void ends.push(error),
    });
    const write = (name: string) => storage.put(`/restart/${name}`, Buffer.from(name), { expected: 0 });
    await write("a");
    await server.kill();
    server.run();
    // A read is repeated until etcd answers; a write whose connection broke may have been made, and is not.
    await storage.currentRevision();
    await write("b");
    await write("c");
    for (let tries = 0; seen.length < 3 && tries < 100; tries++) await pause(100);
    await storage.close();
    expect(seen).toEqual([from, from + 1, from + 2]);
    expect(ends.map(({ name }) => name)).toEqual(["ClosedError"]);
  });

  test("a range longer than a page is read at one revision", async () => {
    const storage = await EtcdStorage.open({ urls: [server.url] });
    for (let start = 0; start < 6_000; start += 500)
      await Promise.all(
        Array.from({ length: 500 }, (_, index) => storage.put(`/many/${start + index}`, Buffer.from("x"), { expected: 0 })),
      );
    const { items, remaining } = await storage.range("/many/");
    expect([items.length, remaining]).toEqual([6_000, 0]);
    await storage.close();
  });

  test("a key with a time to live is deleted when it has passed", async () => {
    const storage = await EtcdStorage.open({ urls: [server.url] });
    await storage.put("/ttl", Buffer.from("x"), { expected: 0, ttl: 1 });
    expect((await storage.get("/ttl")).item).toBeDefined();
    for (let tries = 0; (await storage.get("/ttl")).item && tries < 100; tries++) await pause(100);
    expect((await storage.get("/ttl")).item).toBeUndefined();
    await storage.close();
  });
});
