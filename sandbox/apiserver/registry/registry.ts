import type { WatchCache } from "../cache/watch-cache.ts";
import type { ResourceEntry } from "./entry.ts";

/** Every resource that is served, by group, version and plural name. CRDs add theirs and take them away at run time. */
export class Registry {
  readonly #cache: WatchCache;
  readonly #entries = new Map<string, ResourceEntry>();
  readonly #listeners = new Set<() => void>();

  constructor(cache: WatchCache) {
    this.#cache = cache;
  }

  /** Serves a resource, or serves it anew with other facts. Resolves when what is stored of it can be read. */
  async add(entry: ResourceEntry): Promise<void> {
    const others = this.versionsOf(entry.stored.group, entry.stored.resource);
    this.#entries.set(keyOf(entry.group, entry.version, entry.resource), entry);
    if (others.length > 0) this.#cache.replaceKind(entry.stored);
    else await this.#cache.add(entry.stored);
    this.#changed();
  }

  remove(entry: ResourceEntry): void {
    if (!this.#entries.delete(keyOf(entry.group, entry.version, entry.resource))) return;
    if (this.versionsOf(entry.stored.group, entry.stored.resource).length === 0) this.#cache.remove(entry.stored);
    this.#changed();
  }

  find(group: string, version: string, resource: string): ResourceEntry | undefined {
    return this.#entries.get(keyOf(group, version, resource));
  }

  /** Entries of every version that share what is stored under a group and resource. */
  versionsOf(group: string, resource: string): readonly ResourceEntry[] {
    return [...this.#entries.values()].filter(({ stored }) => stored.group === group && stored.resource === resource);
  }

  findKind(group: string, kind: string): ResourceEntry | undefined {
    return [...this.#entries.values()].find((entry) => entry.group === group && entry.kind === kind);
  }

  all(): readonly ResourceEntry[] {
    return [...this.#entries.values()];
  }

  /** Tells of every change of what is served; answers how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const keyOf = (group: string, version: string, resource: string): string => `${group}/${version}/${resource}`;
