import { WallClock } from "./wall-clock.ts";

/** When something is to happen, again and again. */
export interface Schedule {
  /** The first time after `time`, in milliseconds since the epoch; undefined where there is none within five years. */
  next(time: number): number | undefined;
}

export class ScheduleError extends Error {}

interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly words?: readonly string[];
}

const minutes: Field = { name: "minute", low: 0, high: 59 };
const hours: Field = { name: "hour", low: 0, high: 23 };
const days: Field = { name: "day of month", low: 1, high: 31 };
const months: Field = {
  name: "month",
  low: 1,
  high: 12,
  words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const weekdays: Field = { name: "day of week", low: 0, high: 6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const YEARS = 5;

/** A schedule in cron's words (robfig/cron's ParseStandard), in a time zone, UTC when absent. Throws ScheduleError, RangeError for the zone. */
export const parseSchedule = (text: string, timeZone?: string): Schedule => {
  const every = /^@every (.+)$/.exec(text);
  if (every) return constantDelay(durationOf(every[1]!));
  const words = (descriptors[text] ?? text).split(/\s+/).filter((word) => word !== "");
  if (text.startsWith("@") && !descriptors[text]) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  if (words.length !== 5) throw new ScheduleError(`expected exactly 5 fields, found ${words.length}: [${words.join(" ")}]`);
  const [minute, hour, day, month, weekday] = [minutes, hours, days, months, weekdays].map((field, at) =>
    parseField(words[at]!, field),
  ) as [Bits, Bits, Bits, Bits, Bits];
  const clock = new WallClock(timeZone ?? "UTC");
  // Where either is a star the other decides alone; otherwise one of the two is enough.
  const isDay = (dayOfMonth: number, dayOfWeek: number): boolean => {
    const [inMonth, inWeek] = [day.values.has(dayOfMonth), weekday.values.has(dayOfWeek)];
    return day.star || weekday.star ? inMonth && inWeek : inMonth || inWeek;
  };
  return {
    next(time) {
      const from = clock.dateOf(time);
      for (let offset = 0; offset <= YEARS * 366; offset++) {
        const date = new Date(Date.UTC(from.year, from.month - 1, from.day + offset));
        if (!month.values.has(date.getUTCMonth() + 1) || !isDay(date.getUTCDate(), date.getUTCDay())) continue;
        const found = firstOfDay(clock, date, hour.sorted, minute.sorted, time);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
};

const firstOfDay = (
  clock: WallClock,
  date: Date,
  hoursOfDay: readonly number[],
  minutesOfHour: readonly number[],
  after: number,
): number | undefined => {
  let first: number | undefined;
  for (const hour of hoursOfDay) {
    for (const minute of minutesOfHour) {
      for (const time of clock.timesOf(date.getTime() + (hour * 60 + minute) * 60_000)) {
        if (time > after && (first === undefined || time < first)) first = time;
      }
      if (first !== undefined) return first;
    }
  }
  return first;
};

interface Bits {
  readonly values: ReadonlySet<number>;
  readonly sorted: readonly number[];
  readonly star: boolean;
}

const parseField = (text: string, field: Field): Bits => {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(",")) star = parsePart(part, field, values) || star;
  return { values, sorted: [...values].sort((a, b) => a - b), star };
};

const parsePart = (text: string, { name, low, high, words }: Field, values: Set<number>): boolean => {
  const [range = "", step, ...more] = text.split("/");
  if (more.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  const [from = "", to, ...others] = range.split("-");
  if (others.length > 0) throw new ScheduleError(`too many hyphens: ${text}`);
  const isStar = from === "*" || from === "?";
  const number = (word: string): number => {
    const at = words?.indexOf(word.toLowerCase()) ?? -1;
    if (at >= 0) return at + low;
    if (!/^\d+$/.test(word))
      throw new ScheduleError(`failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`);
    return Number(word);
  };
  const start = isStar ? low : number(from);
  let end = isStar ? high : to === undefined ? start : number(to);
  const width = step === undefined ? 1 : number(step);
  if (step !== undefined && to === undefined && !isStar) end = high;
  if (start < low) throw new ScheduleError(`beginning of range (${start}) below minimum (${low}): ${text}`);
  if (end > high) throw new ScheduleError(`end of range (${end}) above maximum (${high}): ${text}`);
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (width === 0) throw new ScheduleError(`step of range should be a positive number: ${text} (${name})`);
  for (let value = start; value <= end; value += width) values.add(value);
  return isStar && width === 1;
};

const constantDelay = (ms: number): Schedule => {
  const delay = Math.max(1000, Math.floor(ms / 1000) * 1000);
  return { next: (time) => Math.floor((time + delay) / 1000) * 1000 };
};

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const durationOf = (text: string): number => {
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(text))
    throw new ScheduleError(`failed to parse duration @every ${text}: time: invalid duration ${JSON.stringify(text)}`);
  return [...text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * units[unit!]!, 0);
};
