import { quoted } from "../../../../apimachinery/validation/field-error.ts";

/** A list of indexes such as `1,3-5,7`: how many there are, or what is wrong with it in upstream's words. */
export type Indexes = { readonly total: number } | { readonly problem: string };

type Interval = { readonly from: number; readonly to: number } | { readonly problem: string };

const isInteger = (text: string): boolean => /^[+-]?[0-9]+$/.test(text);

const parseInterval = (text: string, completions: number): Interval => {
  const limits = text.split("-");
  if (limits.length > 2)
    return {
      problem: `the fragment ${quoted(text)} violates the requirement that an index interval can have at most two parts separated by '-'`,
    };
  for (const limit of limits) {
    if (!isInteger(limit)) return { problem: `cannot convert string to integer for index: ${quoted(limit)}` };
    if (Number(limit) >= completions) return { problem: `too large index: ${quoted(limit)}` };
  }
  const [from, to] = [Number(limits[0]), Number(limits.at(-1))];
  if (limits.length === 2 && from >= to) return { problem: `non-increasing order, previous: ${from}, current: ${to}` };
  return { from, to };
};

/** validateIndexesFormat. */
export const parseIndexes = (text: string, completions: number): Indexes => {
  if (text === "") return { total: 0 };
  let [total, last] = [0, -1];
  for (const part of text.split(",")) {
    const interval = parseInterval(part, completions);
    if ("problem" in interval) return interval;
    if (last >= interval.from) return { problem: `non-increasing order, previous: ${last}, current: ${interval.from}` };
    total += interval.to - interval.from + 1;
    last = interval.to;
  }
  return { total };
};

/** The first index that is in both lists (validateFailedIndexesNotOverlapCompleted); intervals that cannot be read are skipped. */
export const firstOverlap = (completed: string, failed: string, completions: number): number | undefined => {
  if (completed === "" || failed === "") return undefined;
  const intervalsOf = (text: string) =>
    text.split(",").flatMap((part) => {
      const interval = parseInterval(part, completions);
      return "problem" in interval ? [] : [interval];
    });
  const [done, lost] = [intervalsOf(completed), intervalsOf(failed)];
  for (let [at, lostAt] = [0, 0]; at < done.length && lostAt < lost.length;) {
    const [left, right] = [done[at]!, lost[lostAt]!];
    if (left.from <= right.to && right.from <= left.to) return Math.max(left.from, right.from);
    if (left.from <= right.from) at++;
    else lostAt++;
  }
  return undefined;
};
