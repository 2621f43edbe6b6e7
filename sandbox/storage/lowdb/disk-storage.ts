import { mkdir } from "node:fs/promises";
import type { Low } from "lowdb";
import type { Clock } from "../../base/clock/clock.ts";
import { silentLog, type Log } from "../../base/log/log.ts";
import type { Cause } from "../../base/trace/cause.ts";
import { Leases } from "../memory/leases.ts";
import { MemoryStorage } from "../memory/memory-storage.ts";
import {
  ClosedError,
  type KeyValue,
  type RangeOptions,
  type RangeResult,
  type Storage,
  type StorageWatch,
  type StorageWatcher,
  type WriteOptions,
  type WriteResult,
} from "../storage.ts";
import { hostDisk, type DiskFiles } from "./disk-files.ts";
import { lockFolder } from "./folder-lock.ts";
import type { LogRecord } from "./record.ts";
import { snapshotDatabase, type Snapshot, type SnapshotItem } from "./snapshot.ts";
import { DamagedLogError, WriteAheadLog } from "./write-ahead-log.ts";

export interface DiskStorageOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly log?: Log;
  readonly files?: DiskFiles;
  readonly keepRevisions?: number;
  readonly keepBytes?: number;
  /** A snapshot is made when the log has grown by so many bytes. */
  readonly snapshotEvery?: number;
}

/** What a key will hold once the log is on the disk: the last write that is on its way. */
interface Plan {
  readonly revision: number;
  readonly deleted: boolean;
}

/**
 * The store on disk: lowdb snapshots and a write-ahead log, with the state in memory. A write is seen by nobody, reader, watcher or writer, before it is
 * durable; writes that come meanwhile are checked against what is planned.
 */
export class DiskStorage implements Storage {
  readonly #state: MemoryStorage;
  readonly #log: WriteAheadLog;
  readonly #database: Low<Snapshot>;
  readonly #leases: Leases;
  readonly #clock: Clock;
  readonly #note: Log;
  readonly #unlock: () => Promise<void>;
  readonly #snapshotEvery: number;
  readonly #planned = new Map<string, Plan>();
  readonly #expiries: Map<string, number>;
  #next: number;
  #logged = 0;
  #snapshotting: Promise<void> | undefined;
  #closed = false;

  /** Opens the folder, which is made where there is none. Throws FolderInUseError, DamagedLogError or SnapshotError. */
  static async open(options: DiskStorageOptions): Promise<DiskStorage> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const unlock = await lockFolder(options.folder);
    try {
      const files = options.files ?? hostDisk;
      const database = snapshotDatabase(files, options.folder);
      await database.read();
      const log = new WriteAheadLog(files, options.folder);
      const records = await log.read((message) => options.log?.warn(message));
      return new DiskStorage(options, unlock, database, log, records);
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  private constructor(
    options: DiskStorageOptions,
    unlock: () => Promise<void>,
    database: Low<Snapshot>,
    log: WriteAheadLog,
    records: readonly LogRecord[],
  ) {
    const { clock, keepRevisions, keepBytes, snapshotEvery = 64 * 1024 * 1024 } = options;
    const { revision, items } = database.data;
    const newer = records.filter((record) => record.revision > revision);
    const [first] = newer;
    if (first && first.revision !== revision + 1)
      throw new DamagedLogError(options.folder, 0, `its snapshot ends at revision ${revision} and its log begins at ${first.revision}`);
    this.#clock = clock;
    this.#note = options.log ?? silentLog;
    this.#unlock = unlock;
    this.#database = database;
    this.#log = log;
    this.#snapshotEvery = snapshotEvery;
    this.#expiries = new Map(items.flatMap(({ key, expires }) => (expires === undefined ? [] : [[key, expires] as const])));
    this.#state = new MemoryStorage({
      clock,
      restored: { revision, items },
      ...(keepRevisions !== undefined && { keepRevisions }),
      ...(keepBytes !== undefined && { keepBytes }),
    });
    for (const record of newer) this.#commit(record);
    this.#next = newer.at(-1)?.revision ?? revision;
    this.#leases = new Leases(
      clock,
      (key, written) =>
        void this.delete(key, { expected: written, cause: { by: "storage", why: "its time to live ran out" } }).catch(() => undefined),
    );
    for (const [key, expires] of this.#expiries)
      this.#leases.renew(key, this.#state.newest(key)?.modRevision ?? 0, Math.max(0.001, (expires - clock.now()) / 1000));
    // The snapshot's values are in the state now.
    database.data = { revision, items: [] };
  }

  currentRevision = (): Promise<number> => this.#state.currentRevision();
  get = (key: string, revision?: number): Promise<{ readonly revision: number; readonly item: KeyValue | undefined }> =>
    this.#state.get(key, revision);
  range = (prefix: string, options?: RangeOptions): Promise<RangeResult> => this.#state.range(prefix, options);
  watch = (prefix: string, revision: number, watcher: StorageWatcher): StorageWatch => this.#state.watch(prefix, revision, watcher);
  compact = (revision: number): Promise<void> => this.#state.compact(revision);
  compactedRevision = (): number => this.#state.compactedRevision();
  causeOf = (revision: number): Promise<Cause | undefined> => this.#state.causeOf(revision);

  put(key: string, value: Uint8Array, { expected, cause, ttl }: WriteOptions): Promise<WriteResult> {
    if (this.#closed) return Promise.reject(new ClosedError());
    if (this.#plannedRevision(key) !== expected) return this.#lost(key);
    const expires = ttl === undefined || ttl <= 0 ? undefined : this.#clock.now() + ttl * 1000;
    return this.#write({ revision: ++this.#next, key, value, ...(expires !== undefined && { expires }), ...(cause && { cause }) });
  }

  delete(key: string, { expected, cause }: { readonly expected: number; readonly cause?: Cause }): Promise<WriteResult> {
    if (this.#closed) return Promise.reject(new ClosedError());
    if (expected === 0 || this.#plannedRevision(key) !== expected) return this.#lost(key);
    return this.#write({ revision: ++this.#next, key, value: undefined, ...(cause && { cause }) });
  }

  /** Writes the state to a snapshot and drops the log that it makes superfluous. */
  snapshot(): Promise<void> {
    return (this.#snapshotting ??= this.#snapshot().finally(() => (this.#snapshotting = undefined)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#leases.stop();
    await this.#snapshotting?.catch(() => undefined);
    await this.#log.close();
    await this.#state.close();
    await this.#unlock();
  }

  /** The modRevision that the key has once everything written so far is durable; 0 when it does not exist then. */
  #plannedRevision(key: string): number {
    const plan = this.#planned.get(key);
    return plan ? (plan.deleted ? 0 : plan.revision) : (this.#state.newest(key)?.modRevision ?? 0);
  }

  /** The writer is told of what stands now, which it will read: a plan that fails must not be believed. */
  async #lost(key: string): Promise<WriteResult> {
    await this.#log.flushed();
    return { ok: false, current: this.#state.newest(key) };
  }

  #write(record: LogRecord): Promise<WriteResult> {
    const { key, revision, value } = record;
    this.#planned.set(key, { revision, deleted: value === undefined });
    return new Promise((resolve, reject) => {
      const durable = (): void => {
        if (this.#planned.get(key)?.revision === revision) this.#planned.delete(key);
        this.#commit(record);
        if (value === undefined) this.#leases.drop(key);
        else
          this.#leases.renew(
            key,
            revision,
            record.expires === undefined ? undefined : Math.max(0.001, (record.expires - this.#clock.now()) / 1000),
          );
        resolve({ ok: true, revision });
        this.#consider(value?.byteLength ?? 0);
      };
      const failed = (error: Error): void => {
        // Everything after it failed too: what is planned is what stands.
        this.#planned.clear();
        this.#next = this.#state.revision;
        this.#note.error(error.message);
        reject(error);
      };
      this.#log.append(record, durable, failed);
    });
  }

  #commit({ key, value, cause, expires }: LogRecord): void {
    if (value) this.#state.write(key, value, cause);
    else this.#state.remove(key, cause);
    if (expires === undefined) this.#expiries.delete(key);
    else this.#expiries.set(key, expires);
  }

  #consider(bytes: number): void {
    this.#logged += bytes + 100;
    if (this.#logged < this.#snapshotEvery || this.#snapshotting) return;
    void this.snapshot().catch((error: unknown) => this.#note.error(`no snapshot could be made: ${(error as Error).message}`));
  }

  async #snapshot(): Promise<void> {
    this.#logged = 0;
    const revision = this.#state.revision;
    const items: SnapshotItem[] = this.#state
      .all()
      .map((item) => ({ ...item, ...(this.#expiries.has(item.key) && { expires: this.#expiries.get(item.key)! }) }));
    this.#log.rotate();
    this.#database.data = { revision, items };
    await this.#database.write();
    this.#database.data = { revision, items: [] };
    await this.#log.removeThrough(revision);
  }
}
