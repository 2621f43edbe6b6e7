import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClusterClock } from "../../base/clock/cluster-clock.ts";
import type { Log } from "../../base/log/log.ts";
import { silentLog } from "../../base/log/log.ts";
import { storageCases } from "../storage.cases.ts";
import type { Storage } from "../storage.ts";
import { hostDisk, type DiskFiles } from "./disk-files.ts";
import { DiskStorage } from "./disk-storage.ts";
import { FolderInUseError } from "./folder-lock.ts";
import { SnapshotError } from "./snapshot.ts";
import { DamagedLogError, DurabilityError } from "./write-ahead-log.ts";

const clock = new ClusterClock({ start: 0, speed: 0 });
const temporary = () => mkdtemp(join(tmpdir(), "drydock-store-"));

storageCases("the store on disk", async () => {
  const folder = await temporary();
  return { storage: await DiskStorage.open({ folder, clock }), dispose: () => rm(folder, { recursive: true }) };
});

let folder: string;
beforeEach(async () => void (folder = await temporary()));
afterEach(() => rm(folder, { recursive: true }));

const text = async (storage: Storage, key: string) => Buffer.from((await storage.get(key)).item?.value ?? []).toString();
const fill = async (storage: Storage, count: number) => {
  for (let index = 0; index < count; index++) await storage.put(`/k/${index}`, Buffer.from(`value ${index}`), { expected: 0 });
};
const logOf = async () =>
  join(
    folder,
    (await readdir(folder))
      .filter((name) => name.startsWith("log-"))
      .sort()
      .at(-1)!,
  );

test("what was acknowledged is there after a restart, with its revisions and causes", async () => {
  const first = await DiskStorage.open({ folder, clock });
  const written = await first.put("/a", Buffer.from("1"), { expected: 0, cause: { by: "kubectl", user: "jane" } });
  const revision = written.ok ? written.revision : 0;
  await first.put("/a", Buffer.from("2"), { expected: revision });
  await first.put("/gone", Buffer.from("x"), { expected: 0 });
  await first.delete("/gone", { expected: revision + 2 });
  await first.close();
  const second = await DiskStorage.open({ folder, clock });
  expect(await text(second, "/a")).toBe("2");
  expect((await second.get("/a")).item).toMatchObject({ createRevision: revision, modRevision: revision + 1 });
  expect((await second.get("/gone")).item).toBeUndefined();
  expect(await second.currentRevision()).toBe(revision + 3);
  expect(await second.causeOf(revision)).toEqual({ by: "kubectl", user: "jane" });
  await second.close();
});

test("a snapshot and the log after it make the same state as the log alone", async () => {
  const first = await DiskStorage.open({ folder, clock });
  await fill(first, 50);
  await first.snapshot();
  await first.put("/k/after", Buffer.from("late"), { expected: 0 });
  const before = (await first.range("/")).items.map(({ key, modRevision }) => [key, modRevision]);
  await first.close();
  const second = await DiskStorage.open({ folder, clock });
  expect((await second.range("/")).items.map(({ key, modRevision }) => [key, modRevision])).toEqual(before);
  await second.close();
});

test("an unfinished write at the end of the log is cut off, with a word about it", async () => {
  const first = await DiskStorage.open({ folder, clock });
  await fill(first, 10);
  await first.close();
  const log = await logOf();
  await truncate(log, (await readFile(log)).byteLength - 3);
  const notes: string[] = [];
  const second = await DiskStorage.open({ folder, clock, log: { ...silentLog, warn: (message) => notes.push(message) } satisfies Log });
  expect((await second.range("/k/")).items).toHaveLength(9);
  expect(notes).toEqual([expect.stringContaining("unfinished write")]);
  await second.put("/k/9", Buffer.from("again"), { expected: 0 });
  await second.close();
  const third = await DiskStorage.open({ folder, clock });
  expect(await text(third, "/k/9")).toBe("again");
  await third.close();
});

test("a log that is damaged in its middle is refused and left as it is", async () => {
  const first = await DiskStorage.open({ folder, clock });
  await fill(first, 10);
  await first.close();
  const log = await logOf();
  const bytes = await readFile(log);
  bytes[60]! ^= 0xff;
  await writeFile(log, bytes);
  await expect(DiskStorage.open({ folder, clock })).rejects.toBeInstanceOf(DamagedLogError);
  expect(await readFile(log)).toEqual(bytes);
});

test("a damaged snapshot is refused", async () => {
  const first = await DiskStorage.open({ folder, clock });
  await fill(first, 3);
  await first.snapshot();
  await first.close();
  await appendFile(join(folder, "snapshot.db"), "x");
  await expect(DiskStorage.open({ folder, clock })).rejects.toBeInstanceOf(SnapshotError);
});

test("two stores on one folder are refused", async () => {
  const first = await DiskStorage.open({ folder, clock });
  await expect(DiskStorage.open({ folder, clock })).rejects.toBeInstanceOf(FolderInUseError);
  await first.close();
  await (await DiskStorage.open({ folder, clock })).close();
});

test("a write that the disk refuses has not happened, and the next one may", async () => {
  let full = false;
  const files: DiskFiles = {
    ...hostDisk,
    async open(path) {
      const file = await hostDisk.open(path);
      const append = async (bytes: Uint8Array) => {
        if (!full) return file.append(bytes);
        await file.append(bytes.subarray(0, 7));
        throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      };
      return { ...file, append };
    },
  };
  const storage = await DiskStorage.open({ folder, clock, files });
  await fill(storage, 2);
  const before = await storage.currentRevision();
  full = true;
  const seen: number[] = [];
  storage.watch("/", before + 1, { events: (events) => void seen.push(events.length), ended: () => undefined });
  const results = await Promise.allSettled([
    storage.put("/x", Buffer.from("1"), { expected: 0 }),
    storage.put("/y", Buffer.from("1"), { expected: 0 }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((results[0] as PromiseRejectedResult).reason).toBeInstanceOf(DurabilityError);
  expect([await storage.currentRevision(), seen]).toEqual([before, []]);
  full = false;
  expect(await storage.put("/x", Buffer.from("2"), { expected: 0 })).toEqual({ ok: true, revision: before + 1 });
  await storage.close();
  const again = await DiskStorage.open({ folder, clock });
  expect(await text(again, "/x")).toBe("2");
  await again.close();
});

test("writers that race for one key are told apart while the disk is still busy", async () => {
  const storage = await DiskStorage.open({ folder, clock });
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, index) => storage.put("/a", Buffer.from(String(index)), { expected: 0 })),
  );
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  const [winner] = results;
  expect(winner).toMatchObject({ ok: true });
  const deleted = await Promise.all([storage.delete("/a", { expected: 2 }), storage.put("/a", Buffer.from("z"), { expected: 0 })]);
  expect(deleted.map(({ ok }) => ok)).toEqual([true, true]);
  expect(await text(storage, "/a")).toBe("z");
  await storage.close();
});
