import type { Random } from "../../../../../base/random/random.ts";

/** Why something could not be taken from a pool, in upstream's words. */
export type Refusal = "allocated" | "out-of-range" | "full";

/** Numbers that may be given out once each: offsets of addresses in a range, ports. Holds what is stored, and what a request in flight has reserved. */
export class Pool {
  readonly #first: number;
  readonly #size: number;
  /** Numbers below this offset are left to those who ask for one by itself, while others are free (the static band). */
  readonly #band: number;
  readonly #random: Random;
  readonly #uses = new Map<number, number>();

  constructor({
    first,
    size,
    band,
    random,
  }: {
    readonly first: number;
    readonly size: number;
    readonly band: number;
    readonly random: Random;
  }) {
    this.#first = first;
    this.#size = size;
    this.#band = band;
    this.#random = random;
  }

  has(number: number): boolean {
    return this.#uses.has(number);
  }

  contains(number: number): boolean {
    return number >= this.#first && number < this.#first + this.#size;
  }

  /** Counts a use, wanted or not: what is stored is used. */
  use(number: number): void {
    this.#uses.set(number, (this.#uses.get(number) ?? 0) + 1);
  }

  release(number: number): void {
    const uses = this.#uses.get(number) ?? 0;
    if (uses > 1) this.#uses.set(number, uses - 1);
    else this.#uses.delete(number);
  }

  /** Takes this very number. */
  take(number: number): Refusal | undefined {
    if (!this.contains(number)) return "out-of-range";
    if (this.has(number)) return "allocated";
    this.use(number);
    return undefined;
  }

  /** Takes any number: one above the static band, by chance, as long as there are some. */
  takeAny(): number | undefined {
    return this.#takeFrom(this.#first + this.#band, this.#size - this.#band) ?? this.#takeFrom(this.#first, this.#band);
  }

  #takeFrom(first: number, size: number): number | undefined {
    if (size <= 0) return undefined;
    const offset = this.#random.integer(size);
    for (let tried = 0; tried < size; tried++) {
      const number = first + ((offset + tried) % size);
      if (this.has(number)) continue;
      this.use(number);
      return number;
    }
    return undefined;
  }
}
