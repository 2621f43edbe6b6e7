import { status, type ServiceError } from "@grpc/grpc-js";
import { hostNow, hostTimeout } from "../../base/clock/host.ts";
import type { Cause } from "../../base/trace/cause.ts";
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
import { connectEtcd, type EtcdApi, type EtcdKeyValue, type EtcdServers, type TxnResponse, type WatchResponse } from "./etcd-api.ts";
import { EtcdWatch } from "./etcd-watch.ts";

/** Keys that one call asks for: a whole kind is read page by page, all at one revision. */
const page = 5_000;
/** Causes kept by this process. */
const keepCauses = 50_000;
/** A lease serves the writes of so many seconds (upstream's lease manager): etcd is slow with very many of them. */
const leaseServes = 60;

/** The store in an etcd cluster, as upstream keeps it. Causes are kept by the process that wrote, up to a bound; etcd has no place for them. */
export class EtcdStorage implements Storage {
  readonly #api: EtcdApi;
  readonly #watches = new Set<EtcdWatch>();
  readonly #causes = new Map<number, Cause>();
  /** Causes of writes under way, by key and the revision they replace: their events may come before their answers. */
  readonly #writing = new Map<string, Cause>();
  readonly #leases = new Map<number, { readonly id: Promise<number>; readonly until: number }>();
  #compacted = 0;
  #closed = false;

  private constructor(api: EtcdApi) {
    this.#api = api;
  }

  /** Connects, and asks once. Rejects when no member answers. */
  static async open(servers: EtcdServers): Promise<EtcdStorage> {
    const storage = new EtcdStorage(connectEtcd(servers));
    try {
      await storage.currentRevision();
    } catch (error) {
      await storage.close();
      throw new Error(`etcd at ${servers.urls.join(", ")} does not answer: ${(error as ServiceError).details}`, { cause: error });
    }
    return storage;
  }

  async currentRevision(): Promise<number> {
    return (await this.#read({ key: Buffer.from("\0"), limit: 1 })).header.revision;
  }

  async get(key: string, revision?: number): Promise<{ readonly revision: number; readonly item: KeyValue | undefined }> {
    const { header, kvs } = await this.#read({ key: Buffer.from(key), ...(revision !== undefined && { revision }) });
    return { revision: revision ?? header.revision, item: kvs[0] && itemOf(kvs[0]) };
  }

  async range(prefix: string, { limit = 0, from = prefix, revision }: RangeOptions = {}): Promise<RangeResult> {
    const items: KeyValue[] = [];
    const rangeEnd = endOf(prefix);
    let key = Buffer.from((from > prefix ? from : prefix) || "\0");
    let at = revision;
    for (;;) {
      const want = limit > 0 ? Math.min(page, limit - items.length) : page;
      const { header, kvs, count } = await this.#read({ key, rangeEnd, limit: want, ...(at !== undefined && { revision: at }) });
      at ??= header.revision;
      for (const kv of kvs) items.push(itemOf(kv));
      const remaining = count - kvs.length;
      const last = kvs.at(-1);
      if (remaining <= 0 || !last || (limit > 0 && items.length >= limit)) return { revision: at, items, remaining };
      key = Buffer.concat([last.key, Buffer.of(0)]);
    }
  }

  async put(key: string, value: Uint8Array, { expected, cause, ttl }: WriteOptions): Promise<WriteResult> {
    const lease = ttl === undefined || ttl <= 0 ? undefined : await this.#lease(ttl);
    return this.#write(key, expected, cause, { requestPut: { key: Buffer.from(key), value, ...(lease !== undefined && { lease }) } });
  }

  async delete(key: string, { expected, cause }: { readonly expected: number; readonly cause?: Cause }): Promise<WriteResult> {
    if (expected === 0) return { ok: false, current: (await this.get(key)).item };
    return this.#write(key, expected, cause, { requestDeleteRange: { key: Buffer.from(key) } });
  }

  watch(prefix: string, revision: number, watcher: StorageWatcher): StorageWatch {
    if (this.#closed) {
      watcher.ended(new ClosedError());
      return { cancel: () => undefined };
    }
    const deliver = ({ events }: WatchResponse): void => watcher.events(events.map((event) => this.#eventOf(event)));
    const watch = new EtcdWatch(this.#api, { key: Buffer.from(prefix || "\0"), rangeEnd: endOf(prefix), deliver }, revision, {
      ...watcher,
      events: watcher.events.bind(watcher),
      ended: (error) => {
        this.#watches.delete(watch);
        watcher.ended(error);
      },
    });
    this.#watches.add(watch);
    return {
      cancel: () => {
        this.#watches.delete(watch);
        watch.cancel();
      },
    };
  }

  async compact(revision: number): Promise<void> {
    await this.#asked(revision, () => this.#api.compact({ revision }));
    this.#compacted = Math.max(this.#compacted, revision);
  }

  /** As far as this process knows: etcd tells only who asks for too old a revision. */
  compactedRevision(): number {
    return this.#compacted;
  }

  causeOf(revision: number): Promise<Cause | undefined> {
    return Promise.resolve(this.#causes.get(revision));
  }

  close(): Promise<void> {
    this.#closed = true;
    for (const watch of [...this.#watches]) watch.end(new ClosedError());
    this.#api.close();
    return Promise.resolve();
  }

  #read(request: { readonly key: Buffer; readonly rangeEnd?: Buffer; readonly limit?: number; readonly revision?: number }) {
    return this.#asked(request.revision, () => this.#api.range(request), true);
  }

  async #write(key: string, expected: number, cause: Cause | undefined, operation: object): Promise<WriteResult> {
    const bytes = Buffer.from(key);
    const pending = `${expected} ${key}`;
    if (cause) this.#writing.set(pending, cause);
    try {
      const request = {
        compare: [{ result: 0, target: 2, key: bytes, modRevision: expected }],
        success: [operation],
        failure: [{ requestRange: { key: bytes } }],
      };
      const { succeeded, header, responses } = await this.#asked<TxnResponse>(undefined, () => this.#api.txn(request));
      if (succeeded) {
        if (cause) this.#remember(header.revision, cause);
        return { ok: true, revision: header.revision };
      }
      const current = responses[0]?.responseRange?.kvs[0];
      return { ok: false, current: current && itemOf(current) };
    } finally {
      if (cause && this.#writing.get(pending) === cause) this.#writing.delete(pending);
    }
  }

  /** One call: what is safe to repeat is repeated with the other members; etcd's answers about revisions become the contract's errors. */
  async #asked<T>(revision: number | undefined, call: () => Promise<T>, isRead = false): Promise<T> {
    const until = hostNow() + 10_000;
    for (;;) {
      if (this.#closed) throw new ClosedError();
      try {
        return await call();
      } catch (error) {
        if (this.#closed) throw new ClosedError();
        const { code, details = "" } = error as Partial<ServiceError>;
        if (/revision has been compacted/.test(details)) throw this.#tooOld(revision ?? 0);
        if (/future revision/.test(details)) throw new FutureRevisionError(revision ?? 0, await this.currentRevision());
        // A write is repeated only where it has certainly not been sent.
        if (code !== status.UNAVAILABLE || !(isRead || /No connection established|ECONNREFUSED/.test(details)) || hostNow() > until)
          throw error;
        this.#api.next();
        await new Promise<void>((resolve) => hostTimeout(100, resolve));
      }
    }
  }

  #tooOld(revision: number): CompactedError {
    this.#compacted = Math.max(this.#compacted, revision + 1);
    return new CompactedError(revision, this.#compacted);
  }

  #eventOf({ type, kv, prevKv }: WatchResponse["events"][number]): StorageEvent {
    const key = kv.key.toString();
    const previous = prevKv ? itemOf(prevKv) : undefined;
    const cause = this.#causes.get(kv.modRevision) ?? this.#writing.get(`${previous?.modRevision ?? 0} ${key}`);
    if (type !== 1) return { type: "put", current: itemOf(kv), previous, cause };
    // Of a version that was compacted meanwhile etcd has only the key left.
    const gone = previous ?? { key, value: new Uint8Array(), createRevision: 0, modRevision: 0 };
    return { type: "delete", key, revision: kv.modRevision, previous: gone, cause };
  }

  #remember(revision: number, cause: Cause): void {
    this.#causes.set(revision, cause);
    const [oldest] = this.#causes.keys();
    if (this.#causes.size > keepCauses && oldest !== undefined) this.#causes.delete(oldest);
  }

  /** A lease that lasts at least `ttl` seconds. */
  #lease(ttl: number): Promise<number> {
    const serves = Math.min(leaseServes, ttl * 0.05);
    const known = this.#leases.get(ttl);
    if (known && known.until > hostNow()) return known.id;
    const id = this.#asked(undefined, () => this.#api.grant(Math.ceil(ttl + serves)));
    this.#leases.set(ttl, { id, until: hostNow() + serves * 1000 });
    id.catch(() => this.#leases.delete(ttl));
    return id;
  }
}

const itemOf = ({ key, value, createRevision, modRevision }: EtcdKeyValue): KeyValue => ({
  key: key.toString(),
  value,
  createRevision,
  modRevision,
});

/** The first key that does not begin with the prefix; `\0` is etcd's word for "to the end". */
const endOf = (prefix: string): Buffer => {
  const bytes = Buffer.from(prefix);
  const last = bytes.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return Buffer.of(0);
  const end = Buffer.from(bytes.subarray(0, last + 1));
  end[last]!++;
  return end;
};
