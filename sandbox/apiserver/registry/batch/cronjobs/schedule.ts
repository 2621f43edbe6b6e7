import { quoted } from "../../../../apimachinery/validation/field-error.ts";

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: Readonly<Record<string, number>>;
}

const named = (text: string, first: number): Readonly<Record<string, number>> =>
  Object.fromEntries(text.split(" ").map((name, at) => [name, at + first]));

const fields: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: named("jan feb mar apr may jun jul aug sep oct nov dec", 1) },
  { min: 0, max: 6, names: named("sun mon tue wed thu fri sat", 0) },
];

const descriptors: ReadonlySet<string> = new Set(["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]);

class ScheduleError extends Error {}

/** Why a schedule is none, in the words of the cron library that Kubernetes uses (cron.ParseStandard); undefined where it is one. */
export const scheduleProblem = (text: string): string | undefined => {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
};

const fail = (message: string): never => {
  throw new ScheduleError(message);
};

const parse = (text: string): void => {
  if (text === "") fail("empty spec string");
  let rest = text;
  if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
    const space = text.indexOf(" ");
    const zone = text.slice(text.indexOf("=") + 1, space < 0 ? undefined : space);
    if (!isTimeZone(zone)) fail(`provided bad location ${zone}: unknown time zone ${zone}`);
    rest = space < 0 ? "" : text.slice(space).trim();
  }
  if (rest.startsWith("@")) return parseDescriptor(rest);
  const parts = rest.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== fields.length) fail(`expected exactly 5 fields, found ${parts.length}: [${parts.join(" ")}]`);
  for (const [at, part] of parts.entries())
    for (const range of part.split(",").filter((each) => each !== "")) parseRange(range, fields[at]!);
};

const parseDescriptor = (text: string): void => {
  if (descriptors.has(text)) return;
  const every = "@every ";
  if (!text.startsWith(every)) fail(`unrecognized descriptor: ${text}`);
  const duration = text.slice(every.length);
  if (!/^[+-]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$|^[+-]?0$/.test(duration))
    fail(`failed to parse duration ${text}: time: invalid duration ${quoted(duration)}`);
};

/** `*`, `?`, `5`, `1-5`, each perhaps with `/2`. */
const parseRange = (text: string, bounds: Bounds): void => {
  const [range = "", step, ...surplus] = text.split("/");
  const [low = "", high, ...more] = range.split("-");
  let [start, end] = [bounds.min, bounds.max];
  if (low !== "*" && low !== "?") {
    start = parseNumber(low, bounds);
    if (more.length > 0) fail(`too many hyphens: ${text}`);
    end = high === undefined ? start : parseNumber(high, bounds);
  }
  if (surplus.length > 0) fail(`too many slashes: ${text}`);
  const by = step === undefined ? 1 : integer(step);
  if (step !== undefined && high === undefined) end = bounds.max;
  if (start < bounds.min) fail(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`);
  if (end > bounds.max) fail(`end of range (${end}) above maximum (${bounds.max}): ${text}`);
  if (start > end) fail(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (by === 0) fail(`step of range should be a positive number: ${text}`);
};

const parseNumber = (text: string, { names }: Bounds): number => {
  const name = text.toLowerCase();
  return names && Object.hasOwn(names, name) ? names[name]! : integer(text);
};

const integer = (text: string): number => {
  if (!/^[+-]?[0-9]+$/.test(text)) fail(`failed to parse int from ${text}: strconv.Atoi: parsing ${quoted(text)}: invalid syntax`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) fail(`failed to parse int from ${text}: strconv.Atoi: parsing ${quoted(text)}: value out of range`);
  if (value < 0) fail(`negative number (${value}) not allowed: ${text}`);
  return value;
};

/** Whether the host knows a time zone of that name. */
export const isTimeZone = (name: string): boolean => {
  if (name === "UTC" || name === "Local") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "" && !/^[+-]/.test(name);
  } catch {
    return false;
  }
};
