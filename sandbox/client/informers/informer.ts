import { hasReason } from "../../apimachinery/errors/status.ts";
import { keyOf, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Clock, Timer } from "../../base/clock/clock.ts";
import type { Client, ClientWatch, ClientWatchEvent } from "../client.ts";
import { IndexedStore, type IndexFunction } from "./indexed-store.ts";

/** One change as handlers hear of it: added without `previous`, deleted without `next`. `revision` is that of the write. */
export interface Change<T extends KubeObject> {
  readonly previous?: T;
  readonly next?: T;
  readonly revision: number;
}

export type ChangeHandler<T extends KubeObject> = (change: Change<T>) => void;

/** Which objects an informer holds; every one when absent. */
export interface InformerSelection {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 30_000;

/**
 * A local copy of all objects of one type, kept by list and watch (client-go's SharedIndexInformer). Objects are shared with everybody
 * who has them: never change one. Handlers run in the order of the writes, at once, and must only take notes.
 */
export class Informer<T extends KubeObject = KubeObject> {
  readonly type: ResourceType<T>;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #selection: InformerSelection;
  readonly #store = new IndexedStore<T>();
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #waiting: { readonly until: () => boolean; readonly resolve: () => void }[] = [];
  #revision = -1;
  #running = false;
  #watch: ClientWatch | undefined;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  #generation = 0;

  constructor(client: Client, clock: Clock, type: ResourceType<T>, selection: InformerSelection = {}) {
    this.#client = client;
    this.#clock = clock;
    this.type = type;
    this.#selection = selection;
  }

  /** Starts to list and watch; harmless when it runs already. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#resync();
  }

  stop(): void {
    this.#running = false;
    this.#generation++;
    this.#retry?.cancel();
    this.#watch?.stop();
    this.#watch = undefined;
    for (const waiter of this.#waiting.splice(0)) waiter.resolve();
  }

  /** Whether the first list has arrived. */
  get hasSynced(): boolean {
    return this.#revision >= 0;
  }

  /** Resolves once the first list has arrived (or the informer is stopped). */
  synced(): Promise<void> {
    return this.#wait(() => this.hasSynced);
  }

  /** The newest revision of which the cache knows that it has everything up to there. */
  get revision(): number {
    return this.#revision;
  }

  /** Resolves once the cache has `condition`; asked again after each change. */
  when(condition: () => boolean): Promise<void> {
    return this.#wait(condition);
  }

  get size(): number {
    return this.#store.size;
  }

  /** By `namespace/name`, or `name` for a cluster-scoped type. */
  get(key: string): T | undefined {
    return this.#store.get(key);
  }

  /** All objects, in the order in which they first came. */
  list(): readonly T[] {
    return [...this.#store.values()];
  }

  /** Adds an index by which `byIndex` finds objects; once a name. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    this.#store.addIndex(name, valuesOf);
  }

  byIndex(name: string, value: string): readonly T[] {
    return this.#store.byIndex(name, value);
  }

  indexValues(name: string): IterableIterator<string> {
    return this.#store.indexValues(name);
  }

  /** Hears of every object that is there, and then of every change, until the answered function is called. */
  handle(handler: ChangeHandler<T>): () => void {
    this.#handlers.add(handler);
    for (const object of this.#store.values()) handler({ next: object, revision: revisionOf(object) });
    return () => this.#handlers.delete(handler);
  }

  async #resync(): Promise<void> {
    const generation = ++this.#generation;
    try {
      const list = await this.#client.list(this.type, this.#selection);
      if (generation !== this.#generation) return;
      this.#replace(list.items, Number(list.metadata.resourceVersion ?? 0));
      this.#retryMs = FIRST_RETRY_MS;
      this.#follow(generation);
    } catch (error) {
      if (generation !== this.#generation) return;
      // A type that the server does not serve (in this version, or yet) has no objects: nobody should wait for it.
      if (hasReason(error, "NotFound")) this.#replace([], 0);
      this.#again(() => void this.#resync());
    }
  }

  #follow(generation: number): void {
    const heard = this.#revision;
    this.#watch = this.#client.watch(
      this.type,
      { ...this.#selection, resourceVersion: String(this.#revision) },
      {
        event: (event) => {
          if (generation === this.#generation) this.#receive(event);
        },
        ended: (error) => {
          if (generation !== this.#generation || !this.#running) return;
          if (hasReason(error, "Expired", "Gone")) return void this.#resync();
          if (this.#revision > heard) this.#retryMs = FIRST_RETRY_MS;
          this.#again(() => this.#follow(generation));
        },
      },
    );
  }

  #again(run: () => void): void {
    this.#retry?.cancel();
    this.#retry = this.#clock.after(this.#retryMs, run);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #receive(event: ClientWatchEvent<T>): void {
    if (event.type === "BOOKMARK") {
      this.#reach(Number(event.resourceVersion));
      return;
    }
    const { object } = event;
    const revision = revisionOf(object);
    if (event.type === "DELETED") {
      const previous = this.#store.remove(keyOf(object));
      if (previous) this.#tell({ previous: object, revision });
    } else {
      const previous = this.#store.put(object);
      this.#tell(previous ? { previous, next: object, revision } : { next: object, revision });
    }
    this.#reach(revision);
  }

  /** What a new list says, told as the changes that lead there. */
  #replace(items: readonly T[], revision: number): void {
    const listed = new Set(items.map(keyOf));
    for (const key of [...this.#store.keys()]) {
      if (listed.has(key)) continue;
      const previous = this.#store.remove(key)!;
      this.#tell({ previous, revision });
    }
    for (const object of items) {
      const known = this.#store.get(keyOf(object));
      if (known && known.metadata.resourceVersion === object.metadata.resourceVersion) continue;
      const previous = this.#store.put(object);
      this.#tell(previous ? { previous, next: object, revision: revisionOf(object) } : { next: object, revision: revisionOf(object) });
    }
    // A rewound cluster lists at a lower revision than before.
    this.#revision = -1;
    this.#reach(revision);
  }

  #tell(change: Change<T>): void {
    for (const handler of this.#handlers) handler(change);
  }

  #reach(revision: number): void {
    if (revision > this.#revision) this.#revision = revision;
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    let kept = 0;
    for (const waiter of waiting) {
      if (waiter.until()) waiter.resolve();
      else waiting[kept++] = waiter;
    }
    waiting.length = kept;
  }

  #wait(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until, resolve }));
  }
}

/** An object's resourceVersion as a number. */
export const revisionOf = ({ metadata }: KubeObject): number => Number(metadata.resourceVersion ?? 0);
