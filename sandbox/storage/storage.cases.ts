import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KeyValue, Storage, StorageEvent, WriteResult } from "./storage.ts";
import { CompactedError, FutureRevisionError } from "./storage.ts";

/** A store under test, and how to be rid of it. */
export interface StorageUnderTest {
  readonly storage: Storage;
  /** Lets what is written reach the watchers; in-memory stores need nothing. */
  readonly settle?: () => Promise<void>;
  readonly dispose?: () => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (item: KeyValue | undefined): string | undefined => item && new TextDecoder().decode(item.value);
const revisionOf = (result: WriteResult): number => {
  if (!result.ok) throw new Error("the write lost a race");
  return result.revision;
};
const described = (event: StorageEvent): string =>
  event.type === "put"
    ? `${event.previous ? "update" : "create"} ${event.current.key}=${text(event.current) ?? ""}`
    : `delete ${event.key}=${text(event.previous) ?? ""}`;

/** The contract's suite: every implementation of `Storage` passes it. */
export const storageCases = (name: string, open: () => Promise<StorageUnderTest>): void => {
  describe(name, () => {
    let under: StorageUnderTest;
    let storage: Storage;
    const create = async (key: string, value: string) => revisionOf(await storage.put(key, bytes(value), { expected: 0 }));
    const update = async (key: string, value: string, expected: number) => revisionOf(await storage.put(key, bytes(value), { expected }));
    const settle = async () => under.settle?.();
    const follow = (prefix: string, revision: number) => {
      const seen: string[] = [];
      const ends: Error[] = [];
      const watch = storage.watch(prefix, revision, {
        events: (events) => void seen.push(...events.map(described)),
        ended: (error) => void ends.push(error),
      });
      return { seen, ends, watch };
    };

    beforeEach(async () => {
      under = await open();
      storage = under.storage;
    });
    afterEach(async () => {
      await storage.close();
      await under.dispose?.();
    });

    test("one counter numbers the writes of all keys", async () => {
      const before = await storage.currentRevision();
      expect([await create("/a", "1"), await create("/b", "1")]).toEqual([before + 1, before + 2]);
      expect(await storage.currentRevision()).toBe(before + 2);
    });

    test("a key is created only where it does not exist", async () => {
      const first = await create("/a", "1");
      const second = await storage.put("/a", bytes("2"), { expected: 0 });
      expect(second).toMatchObject({ ok: false, current: { key: "/a", modRevision: first } });
      expect(text((await storage.get("/a")).item)).toBe("1");
    });

    test("an update names the revision it replaces, and loses when that is not the newest", async () => {
      const first = await create("/a", "1");
      const second = await update("/a", "2", first);
      expect(await storage.put("/a", bytes("3"), { expected: first })).toMatchObject({ ok: false, current: { modRevision: second } });
      const { item } = await storage.get("/a");
      expect(item).toMatchObject({ createRevision: first, modRevision: second });
      expect(text(item)).toBe("2");
    });

    test("a lost race writes nothing and uses no revision", async () => {
      await create("/a", "1");
      const before = await storage.currentRevision();
      await storage.put("/a", bytes("x"), { expected: 0 });
      await storage.delete("/a", { expected: 99_999 });
      await storage.delete("/none", { expected: 1 });
      expect(await storage.currentRevision()).toBe(before);
    });

    test("a deletion has a revision of its own, and the key may be created anew", async () => {
      const first = await create("/a", "1");
      const gone = revisionOf(await storage.delete("/a", { expected: first }));
      expect(gone).toBe(first + 1);
      expect((await storage.get("/a")).item).toBeUndefined();
      const again = await create("/a", "2");
      expect((await storage.get("/a")).item).toMatchObject({ createRevision: again, modRevision: again });
    });

    test("a range answers the keys of its prefix in order, and nothing else", async () => {
      for (const key of ["/pods/b/1", "/pods/a/2", "/podsecurity/x", "/pods/a/10", "/nodes/n"]) await create(key, key);
      const { items, remaining } = await storage.range("/pods/");
      expect(items.map(({ key }) => key)).toEqual(["/pods/a/10", "/pods/a/2", "/pods/b/1"]);
      expect(remaining).toBe(0);
    });

    test("a limited range says how many keys come after it, and goes on from a key at the same revision", async () => {
      for (const key of ["/p/a", "/p/b", "/p/c", "/p/d"]) await create(key, "old");
      const first = await storage.range("/p/", { limit: 2 });
      expect(first.remaining).toBe(2);
      await update("/p/c", "new", (await storage.get("/p/c")).item!.modRevision);
      await create("/p/bb", "new");
      const rest = await storage.range("/p/", { limit: 2, from: "/p/b\0", revision: first.revision });
      expect(rest.items.map((item) => [item.key, text(item)])).toEqual([
        ["/p/c", "old"],
        ["/p/d", "old"],
      ]);
      expect(rest.revision).toBe(first.revision);
    });

    test("any kept revision can be read as it was", async () => {
      const one = await create("/a", "1");
      const two = await update("/a", "2", one);
      const three = revisionOf(await storage.delete("/a", { expected: two }));
      const at = async (revision: number) => text((await storage.get("/a", revision)).item);
      expect([await at(one - 1), await at(one), await at(two), await at(three)]).toEqual([undefined, "1", "2", undefined]);
      await expect(storage.get("/a", three + 1)).rejects.toBeInstanceOf(FutureRevisionError);
    });

    test("a watch from a past revision misses nothing and repeats nothing", async () => {
      const one = await create("/w/a", "1");
      const two = await update("/w/a", "2", one);
      await create("/other", "x");
      const { seen, watch } = follow("/w/", two);
      await settle();
      await create("/w/b", "1");
      revisionOf(await storage.delete("/w/a", { expected: two }));
      await settle();
      expect(seen).toEqual(["update /w/a=2", "create /w/b=1", "delete /w/a=2"]);
      watch.cancel();
      await create("/w/c", "1");
      await settle();
      expect(seen).toHaveLength(3);
    });

    test("compaction forgets what was replaced, and keeps what still stands", async () => {
      const one = await create("/a", "1");
      const two = await update("/a", "2", one);
      const other = await create("/b", "1");
      await storage.compact(other);
      expect(text((await storage.get("/a")).item)).toBe("2");
      expect(text((await storage.get("/a", other)).item)).toBe("2");
      await expect(storage.get("/a", two - 1)).rejects.toBeInstanceOf(CompactedError);
      await expect(storage.range("/", { revision: one })).rejects.toBeInstanceOf(CompactedError);
      const { ends } = follow("/", one);
      await settle();
      expect(ends[0]).toBeInstanceOf(CompactedError);
    });

    test("a revision remembers why it was written", async () => {
      const cause = { by: "replicaset-controller", item: "shop/web", revisions: [7] };
      const revision = revisionOf(await storage.put("/a", bytes("1"), { expected: 0, cause }));
      expect(await storage.causeOf(revision)).toEqual(cause);
    });
  });
};
