/** A binary heap from which any entry can be taken by its key (util/heap). */
export class Heap<Entry> {
  readonly #entries: Entry[] = [];
  readonly #indexes = new Map<string, number>();
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
    return this.#indexes.has(key);
  }

  get(key: string): Entry | undefined {
    const at = this.#indexes.get(key);
    return at === undefined ? undefined : this.#entries[at];
  }

  peek(): Entry | undefined {
    return this.#entries[0];
  }

  /** Puts an entry in, or in place of the one with its key. */
  push(entry: Entry): void {
    const key = this.#keyOf(entry);
    const at = this.#indexes.get(key);
    if (at === undefined) {
      this.#put(this.#entries.length, entry);
      this.#up(this.#entries.length - 1);
      return;
    }
    this.#put(at, entry);
    this.#up(at);
    this.#down(this.#indexes.get(key)!);
  }

  pop(): Entry | undefined {
    const first = this.#entries[0];
    if (first !== undefined) this.#remove(0);
    return first;
  }

  delete(key: string): Entry | undefined {
    const at = this.#indexes.get(key);
    if (at === undefined) return undefined;
    const entry = this.#entries[at];
    this.#remove(at);
    return entry;
  }

  values(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  #put(at: number, entry: Entry): void {
    this.#entries[at] = entry;
    this.#indexes.set(this.#keyOf(entry), at);
  }

  #remove(at: number): void {
    this.#indexes.delete(this.#keyOf(this.#entries[at]!));
    const last = this.#entries.pop()!;
    if (at === this.#entries.length) return;
    this.#put(at, last);
    this.#up(at);
    this.#down(this.#indexes.get(this.#keyOf(last))!);
  }

  #up(at: number): void {
    const entry = this.#entries[at]!;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#compare(entry, this.#entries[parent]!) >= 0) break;
      this.#put(at, this.#entries[parent]!);
      at = parent;
    }
    this.#put(at, entry);
  }

  #down(at: number): void {
    const entry = this.#entries[at]!;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#entries.length) break;
      if (child + 1 < this.#entries.length && this.#compare(this.#entries[child + 1]!, this.#entries[child]!) < 0) child++;
      if (this.#compare(this.#entries[child]!, entry) >= 0) break;
      this.#put(at, this.#entries[child]!);
      at = child;
    }
    this.#put(at, entry);
  }
}
