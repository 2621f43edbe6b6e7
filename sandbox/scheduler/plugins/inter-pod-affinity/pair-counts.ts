/** Sums by topology label and value: `zone` → `east` → 3. A sum goes when its last contribution does. */
export class PairCounts {
  readonly byKey = new Map<string, Map<string, { sum: number; contributions: number }>>();
  #size = 0;

  /** How many label-value pairs have a contribution. */
  get size(): number {
    return this.#size;
  }

  sumOf(key: string, value: string): number {
    return this.byKey.get(key)?.get(value)?.sum ?? 0;
  }

  add(key: string, value: string, amount: number): void {
    let values = this.byKey.get(key);
    if (!values) this.byKey.set(key, (values = new Map<string, { sum: number; contributions: number }>()));
    const entry = values.get(value);
    if (entry) {
      entry.sum += amount;
      entry.contributions++;
      return;
    }
    values.set(value, { sum: amount, contributions: 1 });
    this.#size++;
  }

  remove(key: string, value: string, amount: number): void {
    const values = this.byKey.get(key);
    const entry = values?.get(value);
    if (!values || !entry) return;
    entry.sum -= amount;
    if (--entry.contributions > 0) return;
    values.delete(value);
    this.#size--;
    if (values.size === 0) this.byKey.delete(key);
  }
}

interface Contribution {
  readonly counts: PairCounts;
  readonly key: string;
  readonly value: string;
  readonly amount: number;
}

/** Remembers what each node added to counts, so that it can be taken back. */
export class Contributions {
  readonly #bySlot: (Contribution[] | undefined)[] = [];

  clear(slot: number): void {
    const given = this.#bySlot[slot];
    if (!given) return;
    for (const { counts, key, value, amount } of given) counts.remove(key, value, amount);
    this.#bySlot[slot] = undefined;
  }

  give(slot: number, counts: PairCounts, key: string, value: string, amount: number): void {
    counts.add(key, value, amount);
    (this.#bySlot[slot] ??= []).push({ counts, key, value, amount });
  }
}
