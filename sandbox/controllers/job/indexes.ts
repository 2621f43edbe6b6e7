import type { Pod } from "../../api/types.ts";

export const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";

/** A range of completion indexes, both ends included. */
interface Interval {
  readonly first: number;
  readonly last: number;
}

/** Completion indexes in order, as `status.completedIndexes` writes them: `1,3-5,7`. Immutable. */
export class Indexes {
  static readonly none = new Indexes([]);
  readonly #intervals: readonly Interval[];

  constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  /** What is not below `completions` is left out. */
  static parse(text: string | undefined, completions: number): Indexes {
    const intervals: Interval[] = [];
    for (const part of (text ?? "").split(",")) {
      const match = /^(\d+)(?:-(\d+))?$/.exec(part);
      if (!match) continue;
      const first = Number(match[1]);
      const last = Math.min(Number(match[2] ?? match[1]), completions - 1);
      if (first >= completions) break;
      const before = intervals.at(-1);
      if (before && before.last >= first - 1) intervals[intervals.length - 1] = { first: before.first, last };
      else intervals.push({ first, last });
    }
    return new Indexes(intervals);
  }

  get total(): number {
    return this.#intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  has(index: number): boolean {
    return this.#intervals.some(({ first, last }) => first <= index && index <= last);
  }

  with(indexes: Iterable<number>): Indexes {
    const all = [...this.#intervals, ...[...indexes].map((index) => ({ first: index, last: index }))].sort((a, b) => a.first - b.first);
    const merged: Interval[] = [];
    for (const next of all) {
      const before = merged.at(-1);
      if (before && before.last >= next.first - 1)
        merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, next.last) };
      else merged.push(next);
    }
    return new Indexes(merged);
  }

  /** How many of the other's indexes are among these. */
  common(other: Indexes): number {
    let count = 0;
    for (const { first, last } of other.#intervals) for (let index = first; index <= last; index++) if (this.has(index)) count++;
    return count;
  }

  toString(): string {
    return this.#intervals
      .map(({ first, last }) => (first === last ? String(first) : `${first}${last - first > 1 ? "-" : ","}${last}`))
      .join(",");
  }
}

/** The index of a pod of an Indexed Job; undefined where it has none. */
export const indexOf = ({ metadata }: Pod): number | undefined => {
  const text = metadata.annotations?.[COMPLETION_INDEX];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
};
