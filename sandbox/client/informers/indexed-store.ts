import { keyOf, type KubeObject } from "../../apimachinery/meta/types.ts";

/** Under which values an object is found in an index: its namespace, its controller's uid, its node… */
export type IndexFunction<T extends KubeObject> = (object: T) => readonly string[];

interface Index<T extends KubeObject> {
  readonly valuesOf: IndexFunction<T>;
  readonly entries: Map<string, Map<string, T>>;
}

/**
 * Objects by `namespace/name`, and by any number of indexes (client-go's ThreadSafeStore). Everything is iterated in the order in which
 * it first came, so that the same history gives the same order.
 */
export class IndexedStore<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  /** Adds an index over what is there and what comes; the same name again changes nothing. */
  addIndex(name: string, valuesOf: IndexFunction<T>): void {
    if (this.#indexes.has(name)) return;
    const index: Index<T> = { valuesOf, entries: new Map() };
    this.#indexes.set(name, index);
    for (const [key, object] of this.#objects) for (const value of valuesOf(object)) enter(index, value, key, object);
  }

  byIndex(name: string, value: string): readonly T[] {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`no index is called ${name}`);
    const found = index.entries.get(value);
    return found ? [...found.values()] : [];
  }

  /** The values under which the index has any object. */
  indexValues(name: string): IterableIterator<string> {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`no index is called ${name}`);
    return index.entries.keys();
  }

  /** Puts the object in, and answers what stood in its place. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const previous = this.#objects.get(key);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) reindex(index, key, previous, object);
    return previous;
  }

  remove(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (!previous) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) for (const value of index.valuesOf(previous)) leave(index, value, key);
    return previous;
  }
}

const reindex = <T extends KubeObject>(index: Index<T>, key: string, previous: T | undefined, next: T): void => {
  const values = index.valuesOf(next);
  if (previous) for (const value of index.valuesOf(previous)) if (!values.includes(value)) leave(index, value, key);
  for (const value of values) enter(index, value, key, next);
};

const enter = <T extends KubeObject>(index: Index<T>, value: string, key: string, object: T): void => {
  const entry = index.entries.get(value);
  if (entry) entry.set(key, object);
  else index.entries.set(value, new Map([[key, object]]));
};

const leave = <T extends KubeObject>(index: Index<T>, value: string, key: string): void => {
  const entry = index.entries.get(value);
  if (entry?.delete(key) && entry.size === 0) index.entries.delete(value);
};
