import { join } from "node:path";
import type { Clock } from "../base/clock/clock.ts";
import type { Log } from "../base/log/log.ts";
import type { Storage } from "../storage/storage.ts";
import type { ClusterOptions } from "./options.ts";

/**
 * The store of a cluster: in an etcd cluster, in a folder, or in memory. Only the code that is needed is loaded. Rejects for etcd that does not answer, and for
 * a folder that is in use, or damaged.
 */
export const openStorage = async (
  { etcd, dataDir }: Pick<ClusterOptions, "etcd" | "dataDir">,
  clock: Clock,
  log: Log,
): Promise<Storage> => {
  if (etcd !== undefined) {
    const { EtcdStorage } = await import("../storage/etcd/etcd-storage.ts");
    return EtcdStorage.open(etcd);
  }
  if (dataDir === undefined) {
    const { MemoryStorage } = await import("../storage/memory/memory-storage.ts");
    return new MemoryStorage({ clock });
  }
  const { DiskStorage } = await import("../storage/lowdb/disk-storage.ts");
  return DiskStorage.open({ folder: join(dataDir, "store"), clock, log });
};
