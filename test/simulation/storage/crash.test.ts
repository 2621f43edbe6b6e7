import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { ClusterClock } from "../../../sandbox/base/clock/cluster-clock.ts";
import { SeededRandom } from "../../../sandbox/base/random/random.ts";
import { DiskStorage } from "../../../sandbox/storage/lowdb/disk-storage.ts";
import type { StorageEvent } from "../../../sandbox/storage/storage.ts";

/** `npm run test:long` sets DRYDOCK_LONG. */
const kills = process.env["DRYDOCK_LONG"] ? 2_000 : 50;
const seed = Number(process.env["DRYDOCK_SEED"] ?? 1);
const clock = new ClusterClock({ start: 0, speed: 0 });
const root = await mkdtemp(join(tmpdir(), "drydock-crash-"));
afterAll(() => rm(root, { recursive: true, force: true }));

/** Lets the writers run for a moment, kills them, and answers what was promised. */
const promisedBeforeKill = async (folder: string, run: number, milliseconds: number): Promise<readonly (readonly string[])[]> => {
  const writers = spawn(process.execPath, [join(import.meta.dirname, "crash-writers.ts"), folder, String(run)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(writers, "close");
  let told = "";
  writers.stdout.setEncoding("utf8");
  writers.stdout.on("data", (text: string) => void (told += text));
  await once(writers.stdout, "data");
  await pause(milliseconds);
  writers.kill("SIGKILL");
  await ended;
  return told
    .split("\n")
    .slice(1, -1)
    .map((line) => line.split(" "));
};

/** What every key holds by the log of events, which must be whole: one event a revision, none missing. */
const stateBy = (events: readonly StorageEvent[], from: number): ReadonlyMap<string, string> => {
  const state = new Map<string, string>();
  for (const [index, event] of events.entries()) {
    const revision = event.type === "put" ? event.current.modRevision : event.revision;
    if (revision !== from + index) throw new Error(`revision ${from + index} is missing: ${revision} came`);
    state.set(event.type === "put" ? event.current.key : event.key, event.type === "put" ? `${revision}` : "-");
  }
  return state;
};

/** Four folders at once, since a process takes longer to start than to be killed. */
const line = async (number: number, runs: number): Promise<number> => {
  const folder = join(root, String(number));
  const random = new SeededRandom(seed * 100 + number);
  let promises = 0;
  let highest = 0;
  for (let run = 0; run < runs; run++) {
    const promised = await promisedBeforeKill(folder, seed * 10_000 + number * 1_000 + run, random.integer(60));
    const storage = await DiskStorage.open({ folder, clock });
    const revision = await storage.currentRevision();
    const held = new Map((await storage.range("/")).items.map((item) => [item.key, item]));
    const newest = new Map<string, { readonly revision: number; readonly value: string }>();
    for (const [key = "", at = "", value = ""] of promised) {
      promises++;
      highest = Math.max(highest, Number(at));
      if (Number(at) > (newest.get(key)?.revision ?? 0)) newest.set(key, { revision: Number(at), value });
    }
    expect(revision).toBeGreaterThanOrEqual(highest);
    for (const [key, { revision: at, value }] of newest) {
      const item = held.get(key);
      // A write that came later and was not told of may stand in its place: never an older one.
      if (item?.modRevision === at) expect(Buffer.from(item.value).toString()).toBe(value);
      else if (item) expect(item.modRevision).toBeGreaterThan(at);
      else if (value !== "-") {
        const gone: StorageEvent[] = [];
        storage.watch(key, at + 1, { events: (events) => void gone.push(...events), ended: () => undefined }).cancel();
        expect(gone.at(-1)?.type ?? (at <= storage.compactedRevision() ? "compacted" : "lost")).not.toBe("lost");
      }
    }
    const events: StorageEvent[] = [];
    const from = storage.compactedRevision() + 2;
    storage.watch("/", from, { events: (seen) => void events.push(...seen), ended: () => undefined }).cancel();
    expect(events.length).toBe(Math.max(0, revision - from + 1));
    for (const [key, state] of stateBy(events, from)) expect(held.get(key)?.modRevision.toString() ?? "-").toBe(state);
    await storage.close();
  }
  return promises;
};

test(
  `what was acknowledged is there after each of ${kills} kills, in its order and at its revision`,
  async () => {
    const lines = 3;
    const promises = await Promise.all(Array.from({ length: lines }, (_, number) => line(number, Math.ceil(kills / lines))));
    const all = promises.reduce((sum, count) => sum + count, 0);
    console.log(`${kills} kills, ${all} acknowledged writes`);
    expect(all).toBeGreaterThan(kills);
  },
  kills * 3_000,
);
