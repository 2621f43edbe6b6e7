import { StatusError, type KubeList, type KubeObject, type ResourceType, type Status } from "../../../sandbox/index.ts";
import { Signal, type Disposable } from "../../support/signal.ts";
import type { ApiClient } from "./api-client.ts";
import { pathOf } from "./paths.ts";

/** What changed since the last time anybody was told. */
export interface Change<T> {
  /** Objects that are new or gone: lists look different. */
  readonly lists: boolean;
  readonly modified: readonly T[];
}

interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** One way to find objects: by node, by owner. An object may stand under several keys. */
class Index<T extends KubeObject> {
  readonly #keysOf: (object: T) => readonly string[];
  readonly #found = new Map<string, Map<string, T>>();

  constructor(keysOf: (object: T) => readonly string[]) {
    this.#keysOf = keysOf;
  }

  put(uid: string, object: T): void {
    for (const key of this.#keysOf(object)) {
      let under = this.#found.get(key);
      if (under === undefined) this.#found.set(key, (under = new Map<string, T>()));
      under.set(uid, object);
    }
  }

  drop(uid: string, object: T): void {
    for (const key of this.#keysOf(object)) {
      const under = this.#found.get(key);
      under?.delete(uid);
      if (under?.size === 0) this.#found.delete(key);
    }
  }

  get(key: string): readonly T[] {
    return [...(this.#found.get(key)?.values() ?? [])];
  }
}

/**
 * All objects of one kind, kept by list and watch from the moment somebody asks. Changes are gathered and told at most
 * once in `batch` milliseconds, so that a thousand pods that come at once are one refresh.
 */
export class Collection<T extends KubeObject> implements Disposable {
  readonly type: ResourceType<T>;
  readonly #client: ApiClient;
  readonly #batch: number;
  readonly #byUid = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #changed = new Signal<Change<T>>();
  readonly #stopped = new AbortController();
  #started: Promise<void> | undefined;
  #modified = new Map<string, T>();
  #lists = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    client: ApiClient,
    type: ResourceType<T>,
    indexes: Readonly<Record<string, (object: T) => readonly string[]>> = {},
    batch = 150,
  ) {
    this.#client = client;
    this.type = type;
    this.#batch = batch;
    for (const [name, keysOf] of Object.entries(indexes)) this.#indexes.set(name, new Index(keysOf));
  }

  readonly onChange = this.#changed.on;

  /** Resolves when the first list has arrived. */
  start(): Promise<void> {
    this.#started ??= new Promise((resolve) => void this.#follow(resolve));
    return this.#started;
  }

  all(): readonly T[] {
    return [...this.#byUid.values()];
  }

  get size(): number {
    return this.#byUid.size;
  }

  /** Objects under a key of an index that the constructor was given. */
  by(index: string, key: string): readonly T[] {
    return this.#indexes.get(index)?.get(key) ?? [];
  }

  get(uid: string): T | undefined {
    return this.#byUid.get(uid);
  }

  dispose(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  /** Lists and watches, again and again, until disposed. A watch that ends is resumed; one that is too old lists anew. */
  async #follow(listed: () => void): Promise<void> {
    let failures = 0;
    let resourceVersion: string | undefined;
    while (!this.#stopped.signal.aborted) {
      try {
        if (resourceVersion === undefined) {
          resourceVersion = await this.#list();
          listed();
        }
        resourceVersion = await this.#watch(resourceVersion);
        failures = 0;
      } catch (error) {
        if (error instanceof StatusError && error.code === 410) resourceVersion = undefined;
        else await pause(Math.min(200 * 2 ** failures++, 5000));
      }
    }
  }

  /** Holds these objects and no others. */
  replace(objects: readonly T[]): void {
    const unseen = new Set(this.#byUid.keys());
    for (const object of objects) {
      unseen.delete(object.metadata.uid ?? "");
      this.#put(object);
    }
    for (const uid of unseen) this.#drop(uid);
    this.#tell(true);
  }

  async #list(): Promise<string> {
    const objects: T[] = [];
    let next: string | undefined;
    for (;;) {
      const call = { path: pathOf(this.type), query: { limit: 1000, continue: next }, signal: this.#stopped.signal };
      const page: KubeList<T> = await this.#client.call(call);
      objects.push(...page.items);
      next = page.metadata.continue;
      if (!next) {
        this.replace(objects);
        return page.metadata.resourceVersion ?? "0";
      }
    }
  }

  async #watch(from: string): Promise<string> {
    let resourceVersion = from;
    const query = { watch: true, resourceVersion: from, allowWatchBookmarks: true };
    await this.#client.lines({ path: pathOf(this.type), query, signal: this.#stopped.signal }, (line) => {
      const { type, object } = JSON.parse(line) as WatchEvent<T>;
      if (type === "ERROR") throw new StatusError(object as unknown as Status);
      resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
      if (type === "DELETED") this.#drop(object.metadata.uid ?? "");
      else if (type !== "BOOKMARK") this.#put(object);
    });
    return resourceVersion;
  }

  #put(object: T): void {
    const uid = object.metadata.uid ?? "";
    const previous = this.#byUid.get(uid);
    if (previous !== undefined) for (const index of this.#indexes.values()) index.drop(uid, previous);
    for (const index of this.#indexes.values()) index.put(uid, object);
    this.#byUid.set(uid, object);
    if (previous === undefined) this.#tell(true);
    else if (previous.metadata.resourceVersion !== object.metadata.resourceVersion) {
      this.#modified.set(uid, object);
      this.#tell(false);
    }
  }

  #drop(uid: string): void {
    const previous = this.#byUid.get(uid);
    if (previous === undefined) return;
    for (const index of this.#indexes.values()) index.drop(uid, previous);
    this.#byUid.delete(uid);
    this.#modified.delete(uid);
    this.#tell(true);
  }

  #tell(lists: boolean): void {
    this.#lists ||= lists;
    this.#timer ??= setTimeout(() => {
      const change = { lists: this.#lists, modified: [...this.#modified.values()] };
      this.#timer = undefined;
      this.#lists = false;
      this.#modified = new Map();
      this.#changed.fire(change);
    }, this.#batch);
  }
}
