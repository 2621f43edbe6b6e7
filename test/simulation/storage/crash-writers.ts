/**
 * The process that is killed: 32 writers over a store on disk. `node crash-writers.ts FOLDER SEED`. Every acknowledged write is told on standard output as a line
 * `key modRevision value` (value `-`: deleted) after it was acknowledged: a line that the parent has read is a promise.
 */
import { writeSync } from "node:fs";
import { ClusterClock } from "../../../sandbox/base/clock/cluster-clock.ts";
import { SeededRandom } from "../../../sandbox/base/random/random.ts";
import { DiskStorage } from "../../../sandbox/storage/lowdb/disk-storage.ts";

const [, , folder = "", seed = "1"] = process.argv;
const random = new SeededRandom(Number(seed));
const storage = await DiskStorage.open({ folder, clock: new ClusterClock(), snapshotEvery: 200_000 });
const tell = (line: string): void => void writeSync(1, `${line}\n`);
tell("open");

const write = async (writer: number): Promise<never> => {
  for (let count = 0; ; count++) {
    const key = `/registry/crash/${random.integer(48)}`;
    const { item } = await storage.get(key);
    const expected = item?.modRevision ?? 0;
    if (item && random.next() < 0.2) {
      const deleted = await storage.delete(key, { expected });
      if (deleted.ok) tell(`${key} ${deleted.revision} -`);
      continue;
    }
    const value = `${seed}.${writer}.${count}.${"x".repeat(random.integer(400))}`;
    const put = await storage.put(key, Buffer.from(value), { expected });
    if (put.ok) tell(`${key} ${put.revision} ${value}`);
  }
};
await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
