import { join } from "node:path";
import type { Clock } from "../base/clock/clock.ts";
import type { Log } from "../base/log/log.ts";
import type { Storage } from "../storage/storage.ts";

/** The store of a cluster: in memory, or in a folder. Only the code that is needed is loaded. Rejects for a folder that is in use, or damaged. */
export const openStorage = async (dataDir: string | undefined, clock: Clock, log: Log): Promise<Storage> => {
  if (dataDir === undefined) {
    const { MemoryStorage } = await import("../storage/memory/memory-storage.ts");
    return new MemoryStorage({ clock });
  }
  const { DiskStorage } = await import("../storage/lowdb/disk-storage.ts");
  return DiskStorage.open({ folder: join(dataDir, "store"), clock, log });
};
