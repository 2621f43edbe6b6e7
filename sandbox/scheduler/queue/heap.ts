/** An entry knows where it stands; it is in one heap at a time. */
export interface HeapEntry {
  heapIndex: number;
}

/** A binary heap from which any entry can be taken by its key (util/heap). */
export class Heap<Entry extends HeapEntry> {
  readonly #entries: Entry[] = [];
  readonly #byKey = new Map<string, Entry>();
  readonly #keyOf: (entry: Entry) => string;
  readonly #compare: (a: Entry, b: Entry) => number;

  constructor(keyOf: (entry: Entry) => string, compare: (a: Entry, b: Entry) => number) {
    this.#keyOf = keyOf;
    this.#compare = compare;
  }

  get size(): number {
    return this.#entries.length;
  }

  has(key: string): boolean {
    return this.#byKey.has(key);
  }

  get(key: string): Entry | undefined {
    return this.#byKey.get(key);
  }

  peek(): Entry | undefined {
    return this.#entries[0];
  }

  /** Puts an entry in, or in place of the one with its key. */
  push(entry: Entry): void {
    const key = this.#keyOf(entry);
    const known = this.#byKey.get(key);
    this.#byKey.set(key, entry);
    if (!known) {
      this.#entries.push(entry);
      this.#up(this.#entries.length - 1, entry);
      return;
    }
    this.#up(known.heapIndex, entry);
    this.#down(entry.heapIndex, entry);
  }

  pop(): Entry | undefined {
    const first = this.#entries[0];
    return first && this.delete(this.#keyOf(first));
  }

  delete(key: string): Entry | undefined {
    const entry = this.#byKey.get(key);
    if (!entry) return undefined;
    this.#byKey.delete(key);
    const last = this.#entries.pop()!;
    if (last !== entry) {
      this.#up(entry.heapIndex, last);
      this.#down(last.heapIndex, last);
    }
    return entry;
  }

  #put(at: number, entry: Entry): void {
    this.#entries[at] = entry;
    entry.heapIndex = at;
  }

  /** Puts an entry where it belongs on the way from `at` to the top. */
  #up(at: number, entry: Entry): void {
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.#entries[parent]!;
      if (this.#compare(entry, above) >= 0) break;
      this.#put(at, above);
      at = parent;
    }
    this.#put(at, entry);
  }

  /** The same on the way down. */
  #down(at: number, entry: Entry): void {
    const count = this.#entries.length;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#compare(this.#entries[child + 1]!, this.#entries[child]!) < 0) child++;
      const below = this.#entries[child]!;
      if (this.#compare(below, entry) >= 0) break;
      this.#put(at, below);
      at = child;
    }
    this.#put(at, entry);
  }
}
