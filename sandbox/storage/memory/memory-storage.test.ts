import { expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import { storageCases } from "../storage.cases.ts";
import { MemoryStorage } from "./memory-storage.ts";

storageCases("the store in memory", async () => ({ storage: new MemoryStorage({ clock: new ClusterClock({ start: 0, speed: 0 }) }) }));

test("an event is deleted when its time to live has run out, unless it was written again", async () => {
  const clock = new ClusterClock({ start: 0, speed: 0 });
  const storage = new MemoryStorage({ clock });
  const kept = await storage.put("/events/kept", new Uint8Array([1]), { expected: 0, ttl: 3600 });
  await storage.put("/events/gone", new Uint8Array([1]), { expected: 0, ttl: 3600 });
  await clock.advance(3_000_000);
  await storage.put("/events/kept", new Uint8Array([2]), { expected: kept.ok ? kept.revision : 0, ttl: 3600 });
  await clock.advance(700_000);
  expect((await storage.range("/events/")).items.map(({ key }) => key)).toEqual(["/events/kept"]);
});

test("history stays within its budget, and what was cut reads as compacted", async () => {
  const storage = new MemoryStorage({ clock: new ClusterClock({ start: 0, speed: 0 }), keepRevisions: 100 });
  let revision = 0;
  for (let write = 0; write < 500; write++) {
    const result = await storage.put("/a", new Uint8Array([write % 256]), { expected: revision });
    if (result.ok) revision = result.revision;
  }
  expect(storage.compactedRevision()).toBeGreaterThan(revision - 110);
  expect((await storage.get("/a", revision - 50)).item?.value[0]).toBe((499 - 50) % 256);
  await expect(storage.get("/a", 10)).rejects.toThrow("compacted");
});

test("a watcher that writes while it is told of a write does not disturb the order", async () => {
  const storage = new MemoryStorage({ clock: new ClusterClock({ start: 0, speed: 0 }) });
  const seen: string[] = [];
  storage.watch("/", 1, {
    events: ([event]) => {
      if (event?.type === "put" && event.current.key === "/a") void storage.put("/b", new Uint8Array(), { expected: 0 });
    },
    ended: () => undefined,
  });
  storage.watch("/", 1, {
    events: (events) => void seen.push(...events.map((event) => (event.type === "put" ? event.current.key : event.key))),
    ended: () => undefined,
  });
  await storage.put("/a", new Uint8Array(), { expected: 0 });
  expect(seen).toEqual(["/a", "/b"]);
});
