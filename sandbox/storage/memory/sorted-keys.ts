/**
 * Keys in byte order. Adding is cheap (a set and a pending list); order is made when somebody reads, by merging what
 * was added since. Keys of Kubernetes are ASCII, where JavaScript's string order is the byte order.
 */
export class SortedKeys {
  readonly #present = new Set<string>();
  #sorted: string[] = [];
  #pending: string[] = [];
  #dead = 0;

  add(key: string): void {
    if (this.#present.has(key)) return;
    this.#present.add(key);
    this.#pending.push(key);
  }

  delete(key: string): void {
    if (this.#present.delete(key)) this.#dead++;
  }

  /** Keys with this prefix, from `from` (inclusive) on. */
  *startingWith(prefix: string, from: string): Generator<string> {
    this.#merge();
    const sorted = this.#sorted;
    let previous: string | undefined;
    for (let at = lowerBound(sorted, from > prefix ? from : prefix); at < sorted.length; at++) {
      const key = sorted[at]!;
      if (!key.startsWith(prefix)) return;
      if (key !== previous && this.#present.has(key)) yield key;
      previous = key;
    }
  }

  #merge(): void {
    if (this.#pending.length === 0 && this.#dead * 2 <= this.#sorted.length) return;
    const added = this.#pending.sort();
    const merged: string[] = [];
    let left = 0;
    let right = 0;
    while (left < this.#sorted.length || right < added.length) {
      const fromSorted = right >= added.length || (left < this.#sorted.length && this.#sorted[left]! <= added[right]!);
      const key = fromSorted ? this.#sorted[left++]! : added[right++]!;
      if (this.#present.has(key) && merged.at(-1) !== key) merged.push(key);
    }
    this.#sorted = merged;
    this.#pending = [];
    this.#dead = 0;
  }
}

const lowerBound = (sorted: readonly string[], key: string): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
