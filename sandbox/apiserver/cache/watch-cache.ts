import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Log } from "../../base/log/log.ts";
import { ClosedError, type Storage, type StorageEvent, type StorageWatch } from "../../storage/storage.ts";
import type { StoredKind } from "../registry/entry.ts";
import { prefixesOfKey, registryPrefix } from "../registry/keys.ts";
import { ResourceCache } from "./resource-cache.ts";
import { Revision } from "./revision.ts";

/** What admission plugins and subresources may read: the newest objects, at once. Upstream's listers. */
export interface Reader {
  /** `namespace` is empty for cluster-scoped kinds. */
  get(group: string, resource: string, namespace: string, name: string): AnyObject | undefined;
  list(group: string, resource: string, namespace?: string): readonly AnyObject[];
  /** Pods bound to a node. */
  podsOn(nodeName: string): readonly AnyObject[];
}

/**
 * Everything that is stored, as the newest events tell it. One watch on the store feeds a cache a kind; reads, lists and watches of
 * clients are answered from here.
 */
export class WatchCache implements Reader {
  readonly #storage: Storage;
  readonly #log: Log;
  readonly #byPrefix = new Map<string, ResourceCache>();
  readonly #byResource = new Map<string, ResourceCache>();
  readonly #waiting = new Set<{ readonly revision: number; readonly reached: () => void }>();
  #watch: StorageWatch | undefined;
  #stopped = false;
  /** Everything up to this revision has been seen. */
  revision = 0;
  /** Revisions before this one are not shown to clients any more, whatever the store still has: see `Horizon`. */
  readableSince = 0;

  constructor({ storage, log }: { readonly storage: Storage; readonly log: Log }) {
    this.#storage = storage;
    this.#log = log;
  }

  /** Makes room for a kind. Objects stored earlier (of a CRD that comes back) are loaded; resolves when they are. */
  async add(kind: StoredKind): Promise<ResourceCache> {
    const cache = new ResourceCache(kind, this.revision);
    this.#byPrefix.set(kind.prefix, cache);
    this.#byResource.set(`${kind.group}/${kind.resource}`, cache);
    if (this.#watch) {
      const { items } = await this.#storage.range(kind.prefix);
      for (const { key, modRevision, value } of items) {
        const known = new Revision(kind, key, modRevision, value);
        if ((cache.get(known.namespace, known.name)?.revision ?? 0) < modRevision) cache.load(known);
      }
    }
    return cache;
  }

  /** The same stored objects under other facts: a CRD was changed. */
  replaceKind(kind: StoredKind): void {
    this.of(kind).kind = kind;
  }

  remove(kind: StoredKind): void {
    const cache = this.#byPrefix.get(kind.prefix);
    this.#byPrefix.delete(kind.prefix);
    this.#byResource.delete(`${kind.group}/${kind.resource}`);
    cache?.reset(this.revision);
  }

  of(kind: StoredKind): ResourceCache {
    const cache = this.#byPrefix.get(kind.prefix);
    if (!cache) throw new Error(`${kind.prefix} is not cached`);
    return cache;
  }

  get(group: string, resource: string, namespace: string, name: string): AnyObject | undefined {
    return this.#byResource.get(`${group}/${resource}`)?.get(namespace, name)?.object;
  }

  list(group: string, resource: string, namespace?: string): readonly AnyObject[] {
    return (
      this.#byResource
        .get(`${group}/${resource}`)
        ?.list(namespace)
        .map((revision) => revision.object) ?? []
    );
  }

  podsOn(nodeName: string): readonly AnyObject[] {
    return (
      this.#byResource
        .get("/pods")
        ?.onNode(nodeName)
        ?.map((revision) => revision.object) ?? []
    );
  }

  /** Loads what the store holds and follows it from there. */
  async start(): Promise<void> {
    const { revision, items } = await this.#storage.range(registryPrefix);
    for (const { key, value, modRevision } of items) {
      const cache = this.#cacheOf(key);
      cache?.load(new Revision(cache.kind, key, modRevision, value));
    }
    for (const cache of this.#byPrefix.values()) cache.beginAt(revision);
    this.#reach(revision);
    this.#watch = this.#storage.watch(registryPrefix, revision + 1, {
      events: (events) => this.#apply(events),
      progress: (seen) => this.#reach(seen),
      ended: (error) => this.#ended(error),
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#watch?.cancel();
    for (const cache of this.#byPrefix.values()) cache.reset(this.revision);
  }

  /** Resolves when everything up to `revision` has been seen. */
  reached(revision: number, signal?: AbortSignal): Promise<void> | undefined {
    if (this.revision >= revision) return undefined;
    return new Promise((resolve) => {
      const waiting = { revision, reached: resolve };
      this.#waiting.add(waiting);
      signal?.addEventListener("abort", () => {
        this.#waiting.delete(waiting);
        resolve();
      });
    });
  }

  #apply(events: readonly StorageEvent[]): void {
    let newest = this.revision;
    for (const event of events) {
      const key = event.type === "put" ? event.current.key : event.key;
      newest = event.type === "put" ? event.current.modRevision : event.revision;
      // A change is visible by its revision as soon as its subscribers are told of it.
      this.revision = newest;
      this.#cacheOf(key)?.apply(event);
    }
    this.#reach(newest);
  }

  #reach(revision: number): void {
    this.revision = Math.max(this.revision, revision);
    for (const waiting of this.#waiting) {
      if (waiting.revision > this.revision) continue;
      this.#waiting.delete(waiting);
      waiting.reached();
    }
  }

  /** The store lost the thread or went back in time: watches end, and everything is read again. */
  #ended(error: Error): void {
    if (this.#stopped || error instanceof ClosedError) return this.stop();
    this.#log.info("the store's history changed; reading everything again", { error: error.message });
    this.#watch?.cancel();
    this.revision = 0;
    this.readableSince = 0;
    for (const cache of this.#byPrefix.values()) cache.reset(0);
    void this.start().catch((failure: unknown) => this.#log.error("the store could not be read", { error: String(failure) }));
  }

  #cacheOf(key: string): ResourceCache | undefined {
    const [short, long] = prefixesOfKey(key);
    return this.#byPrefix.get(short) ?? this.#byPrefix.get(long);
  }
}
