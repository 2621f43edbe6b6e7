/** One measured row: what was done, how fast, and what is wanted of it. */
export interface Row {
  readonly work: string;
  /** As people read it: `12,345 per s`, `0.21 s`. */
  readonly result: string;
  readonly target: string;
  readonly reached: boolean;
}

/** A group of rows that share a set-up. Files `*.bench.ts` export one as `bench`. */
export interface Bench {
  readonly name: string;
  readonly run: () => Promise<readonly Row[]>;
}

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** So many things in so many milliseconds, against so many per second. */
export const rate = (work: string, count: number, milliseconds: number, wanted: number): Row => {
  const perSecond = (count * 1000) / milliseconds;
  return { work, result: `${number.format(perSecond)} per s`, target: `${number.format(wanted)} per s`, reached: perSecond >= wanted };
};

/** A duration in milliseconds, against the most it may be. */
export const duration = (work: string, milliseconds: number, most: number): Row => {
  const text = (value: number) => (value < 100 ? `${value.toFixed(1)} ms` : `${(value / 1000).toFixed(2)} s`);
  return { work, result: text(milliseconds), target: `≤ ${text(most)}`, reached: milliseconds <= most };
};

/** The value below which so many of a hundred lie. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
};
