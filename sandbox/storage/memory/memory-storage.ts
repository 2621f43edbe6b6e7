import type { Cause } from "../../base/trace/cause.ts";
import type { Clock } from "../../base/clock/clock.ts";
import {
  ClosedError,
  CompactedError,
  FutureRevisionError,
  type KeyValue,
  type RangeOptions,
  type RangeResult,
  type Storage,
  type StorageEvent,
  type StorageWatch,
  type StorageWatcher,
  type WriteOptions,
  type WriteResult,
} from "../storage.ts";
import { Leases } from "./leases.ts";
import { RevisionLog } from "./revision-log.ts";
import { SortedKeys } from "./sorted-keys.ts";
import { isLive, versionAt, type KeyHistory, type Tombstone } from "./versions.ts";

export interface MemoryStorageOptions {
  readonly clock: Clock;
  /** How many replaced revisions are kept at most; older ones are compacted by themselves. */
  readonly keepRevisions?: number;
  /** How many bytes of replaced values are kept at most. */
  readonly keepBytes?: number;
  /** What it holds from the start, and at which revision. */
  readonly restored?: { readonly revision: number; readonly items: readonly KeyValue[] };
}

/** The reference implementation: everything in memory, writes acknowledged in order, history kept under a budget. */
export class MemoryStorage implements Storage {
  readonly #keys = new SortedKeys();
  readonly #histories = new Map<string, KeyHistory>();
  readonly #log: RevisionLog;
  readonly #leases: Leases;
  readonly #watches = new Set<Watch>();
  /** Events not yet handed out, while a watcher that writes is being told of an earlier one. */
  readonly #unpublished: StorageEvent[] = [];
  #publishing = false;
  #closed = false;

  constructor({ clock, keepRevisions = 50_000, keepBytes = 256 * 1024 * 1024, restored }: MemoryStorageOptions) {
    this.#log = new RevisionLog({ keepRevisions, keepBytes, ...(restored && { revision: restored.revision }) });
    for (const { key, value, createRevision, modRevision } of restored?.items ?? [])
      this.#write(key, { key, value, createRevision, modRevision });
    this.#leases = new Leases(clock, (key, revision) => this.#expire(key, revision));
  }

  currentRevision(): Promise<number> {
    return settled(() => this.#open().revision);
  }

  get(key: string, revision?: number): Promise<{ readonly revision: number; readonly item: KeyValue | undefined }> {
    return settled(() => {
      const at = this.#readable(revision);
      return { revision: at, item: this.#at(key, revision) };
    });
  }

  range(prefix: string, { limit = 0, from = prefix, revision }: RangeOptions = {}): Promise<RangeResult> {
    return settled(() => {
      const at = this.#readable(revision);
      const items: KeyValue[] = [];
      let remaining = 0;
      for (const key of this.#keys.startingWith(prefix, from)) {
        const item = this.#at(key, revision);
        if (!item) continue;
        if (limit > 0 && items.length >= limit) remaining++;
        else items.push(item);
      }
      return { revision: at, items, remaining };
    });
  }

  put(key: string, value: Uint8Array, { expected, cause, ttl }: WriteOptions): Promise<WriteResult> {
    return settled(() => {
      this.#open();
      const previous = this.newest(key);
      if ((previous?.modRevision ?? 0) !== expected) return { ok: false, current: previous };
      const revision = this.write(key, value, cause);
      this.#leases.renew(key, revision, ttl);
      return { ok: true, revision };
    });
  }

  delete(key: string, { expected, cause }: { readonly expected: number; readonly cause?: Cause }): Promise<WriteResult> {
    return settled(() => {
      this.#open();
      const previous = this.newest(key);
      if (!previous || previous.modRevision !== expected) return { ok: false, current: previous };
      this.#leases.drop(key);
      return { ok: true, revision: this.remove(key, cause) };
    });
  }

  get revision(): number {
    return this.#log.revision;
  }

  /** Every key's newest version, at once. */
  all(): readonly KeyValue[] {
    return [...this.#keys.startingWith("", "")].map((key) => this.newest(key)).filter((item) => item !== undefined);
  }

  /** Writes whatever stood there, as the next revision: for a store that has checked already. Answers the revision. */
  write(key: string, value: Uint8Array, cause?: Cause): number {
    const previous = this.newest(key);
    const revision = this.#log.next();
    const current: KeyValue = { key, value, createRevision: previous?.createRevision ?? revision, modRevision: revision };
    this.#write(key, current);
    this.#publish({ type: "put", current, previous, cause });
    return revision;
  }

  /** Deletes the key, which must exist, as the next revision: for a store that has checked already. Answers the revision. */
  remove(key: string, cause?: Cause): number {
    const previous = this.newest(key);
    if (!previous) throw new Error(`${key} does not exist`);
    const revision = this.#log.next();
    this.#write(key, { modRevision: revision });
    this.#publish({ type: "delete", key, revision, previous, cause });
    return revision;
  }

  watch(prefix: string, revision: number, watcher: StorageWatcher): StorageWatch {
    const watch: Watch = { prefix, watcher };
    if (this.#closed) {
      watcher.ended(new ClosedError());
    } else if (revision <= this.#log.compacted) {
      watcher.ended(new CompactedError(revision, this.#log.compacted));
    } else {
      const unpublished = new Set(this.#unpublished);
      const missed = this.#log.since(revision).filter((event) => keyOfEvent(event).startsWith(prefix) && !unpublished.has(event));
      this.#watches.add(watch);
      if (missed.length > 0) watcher.events(missed);
    }
    return { cancel: () => void this.#watches.delete(watch) };
  }

  compact(revision: number): Promise<void> {
    return settled(() => {
      const log = this.#open();
      if (revision > log.revision) throw new FutureRevisionError(revision, log.revision);
      if (revision <= log.compacted) throw new CompactedError(revision, log.compacted);
      for (const key of log.compact(revision)) this.#forget(key);
    });
  }

  compactedRevision(): number {
    return this.#log.compacted;
  }

  causeOf(revision: number): Promise<Cause | undefined> {
    return settled(() => this.#log.causeOf(revision));
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#leases.stop();
    const watches = [...this.#watches];
    this.#watches.clear();
    for (const { watcher } of watches) watcher.ended(new ClosedError());
    return Promise.resolve();
  }

  #open(): RevisionLog {
    if (this.#closed) throw new ClosedError();
    return this.#log;
  }

  #readable(revision: number | undefined): number {
    const log = this.#open();
    if (revision === undefined) return log.revision;
    if (revision > log.revision) throw new FutureRevisionError(revision, log.revision);
    if (revision < log.compacted) throw new CompactedError(revision, log.compacted);
    return revision;
  }

  #at(key: string, revision: number | undefined): KeyValue | undefined {
    return revision === undefined ? this.newest(key) : versionAt(this.#histories.get(key), revision);
  }

  /** The newest version of a key, at once. */
  newest(key: string): KeyValue | undefined {
    const newest = this.#histories.get(key)?.newest;
    return isLive(newest) ? newest : undefined;
  }

  #write(key: string, version: KeyValue | Tombstone): void {
    const history = this.#histories.get(key);
    if (!history) {
      this.#histories.set(key, { newest: version, older: [] });
      this.#keys.add(key);
      return;
    }
    history.older.push(history.newest);
    history.newest = version;
  }

  #expire(key: string, revision: number): void {
    const current = this.newest(key);
    if (current?.modRevision === revision) this.remove(key, { by: "storage", why: "its time to live ran out" });
  }

  #publish(event: StorageEvent): void {
    for (const key of this.#log.append(event)) this.#forget(key);
    this.#unpublished.push(event);
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (let next = this.#unpublished.shift(); next; next = this.#unpublished.shift()) {
        const key = keyOfEvent(next);
        for (const { prefix, watcher } of this.#watches) if (key.startsWith(prefix)) watcher.events([next]);
      }
    } finally {
      this.#publishing = false;
    }
  }

  /** Drops the versions of a key which no readable revision shows any more. */
  #forget(key: string): void {
    const history = this.#histories.get(key);
    if (!history) return;
    const { compacted } = this.#log;
    const versions = [...history.older, history.newest];
    const oldestShown = versions.findLastIndex((version) => version.modRevision <= compacted);
    history.older.splice(0, Math.max(0, oldestShown));
    if (!isLive(history.newest) && history.newest.modRevision <= compacted) {
      this.#histories.delete(key);
      this.#keys.delete(key);
    }
  }
}

interface Watch {
  readonly prefix: string;
  readonly watcher: StorageWatcher;
}

const keyOfEvent = (event: StorageEvent): string => (event.type === "put" ? event.current.key : event.key);

/** The contract answers with promises; here everything is known at once. */
const settled = <T>(work: () => T): Promise<T> => new Promise((resolve) => resolve(work()));
