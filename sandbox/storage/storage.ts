import type { Cause } from "../base/trace/cause.ts";

/**
 * The store's contract: the part of etcd v3 that Kubernetes uses. Keys are strings such as
 * `/registry/pods/shop/web-1`, values are bytes, and one counter numbers every write in the whole store.
 * It knows no kinds and no HTTP. `storage.cases.ts` is the suite that every implementation passes.
 */

/** One version of one key. */
export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  /** The revision that created the key this time. */
  readonly createRevision: number;
  /** The revision of this version: the object's resourceVersion. */
  readonly modRevision: number;
}

export interface RangeOptions {
  /** At most so many; 0 or absent is all. */
  readonly limit?: number;
  /** The first key wanted (inclusive); the prefix's own beginning when absent. */
  readonly from?: string;
  /** As the store was at this revision; the newest when absent. */
  readonly revision?: number;
}

export interface RangeResult {
  /** The store's revision when it answered, or the one that was asked for. */
  readonly revision: number;
  readonly items: readonly KeyValue[];
  /** How many keys of the prefix come after the last item. */
  readonly remaining: number;
}

/** A write that was made, or what stood in its way. Losing a race is an answer, not an error. */
export type WriteResult = { readonly ok: true; readonly revision: number } | { readonly ok: false; readonly current: KeyValue | undefined };

export interface WriteOptions {
  /** The modRevision the key must have; 0 means that it must not exist. */
  readonly expected: number;
  readonly cause?: Cause;
  /** Seconds after which the key is deleted unless it is written again (events). */
  readonly ttl?: number;
}

export type StorageEvent =
  | { readonly type: "put"; readonly current: KeyValue; readonly previous: KeyValue | undefined; readonly cause: Cause | undefined }
  | {
      readonly type: "delete";
      readonly key: string;
      readonly revision: number;
      readonly previous: KeyValue;
      readonly cause: Cause | undefined;
    };

export interface StorageWatch {
  /** Ends the watch; no event follows. */
  cancel(): void;
}

export interface StorageWatcher {
  /** Events of one or more whole revisions, in order, with no gap and no duplicate. Called synchronously by in-memory stores: return quickly. */
  events(events: readonly StorageEvent[]): void;
  /** Everything up to this revision has been delivered. */
  progress?(revision: number): void;
  /** The watch has ended by itself: its start was compacted, or the store closed or went back to an earlier revision. */
  ended(error: CompactedError | ClosedError): void;
}

export interface Storage {
  /** The revision of the newest write. */
  currentRevision(): Promise<number>;
  get(key: string, revision?: number): Promise<{ readonly revision: number; readonly item: KeyValue | undefined }>;
  /** Keys that begin with `prefix`, in byte order. Throws CompactedError, or FutureRevisionError. */
  range(prefix: string, options?: RangeOptions): Promise<RangeResult>;
  put(key: string, value: Uint8Array, options: WriteOptions): Promise<WriteResult>;
  delete(key: string, options: { readonly expected: number; readonly cause?: Cause }): Promise<WriteResult>;
  /** Changes of keys under `prefix` from `revision` on (inclusive). */
  watch(prefix: string, revision: number, watcher: StorageWatcher): StorageWatch;
  /** Forgets versions that were replaced at or before `revision`. */
  compact(revision: number): Promise<void>;
  /** The oldest revision that can still be read. */
  compactedRevision(): number;
  /** Why a revision was written, while it is kept. */
  causeOf(revision: number): Promise<Cause | undefined>;
  close(): Promise<void>;
}

/** The wanted revision has been compacted away. */
export class CompactedError extends Error {
  readonly revision: number;
  readonly compacted: number;
  constructor(revision: number, compacted: number) {
    super(`revision ${revision} has been compacted; the oldest kept is ${compacted}`);
    this.name = "CompactedError";
    this.revision = revision;
    this.compacted = compacted;
  }
}

/** The wanted revision has not been written yet. */
export class FutureRevisionError extends Error {
  readonly revision: number;
  readonly current: number;
  constructor(revision: number, current: number) {
    super(`revision ${revision} is in the future; the newest is ${current}`);
    this.name = "FutureRevisionError";
    this.revision = revision;
    this.current = current;
  }
}

/** The store has been closed. */
export class ClosedError extends Error {
  constructor(message = "the store is closed") {
    super(message);
    this.name = "ClosedError";
  }
}
