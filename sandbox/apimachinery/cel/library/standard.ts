import { overload, type Overload } from "../functions.ts";
import {
  celCompare,
  celEquals,
  CelError,
  Duration,
  isCelMap,
  Optional,
  parseDuration,
  parseTimestamp,
  showDuration,
  showTimestamp,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
  type CelMap,
} from "../values.ts";
import { compilePattern } from "./pattern.ts";

const inInt = (value: bigint): bigint => {
  if (value > 2n ** 63n - 1n || value < -(2n ** 63n)) throw new CelError("integer overflow");
  return value;
};

const divided = (a: bigint, b: bigint): bigint => {
  if (b === 0n) throw new CelError("division by zero");
  return a / b;
};

const remainder = (a: bigint, b: bigint): bigint => {
  if (b === 0n) throw new CelError("modulus by zero");
  return a % b;
};

const arithmetic: readonly Overload[] = [
  overload("_+_(int, int): int", (a: bigint, b: bigint) => inInt(a + b)),
  overload("_-_(int, int): int", (a: bigint, b: bigint) => inInt(a - b)),
  overload("_*_(int, int): int", (a: bigint, b: bigint) => inInt(a * b)),
  overload("_/_(int, int): int", (a: bigint, b: bigint) => inInt(divided(a, b))),
  overload("_%_(int, int): int", remainder),
  overload("-_(int): int", (a: bigint) => inInt(-a)),
  overload("_+_(uint, uint): uint", (a: Uint, b: Uint) => new Uint(a.value + b.value)),
  overload("_-_(uint, uint): uint", (a: Uint, b: Uint) => new Uint(a.value - b.value)),
  overload("_*_(uint, uint): uint", (a: Uint, b: Uint) => new Uint(a.value * b.value)),
  overload("_/_(uint, uint): uint", (a: Uint, b: Uint) => new Uint(divided(a.value, b.value))),
  overload("_%_(uint, uint): uint", (a: Uint, b: Uint) => new Uint(remainder(a.value, b.value))),
  overload("_+_(double, double): double", (a: number, b: number) => a + b),
  overload("_-_(double, double): double", (a: number, b: number) => a - b),
  overload("_*_(double, double): double", (a: number, b: number) => a * b),
  overload("_/_(double, double): double", (a: number, b: number) => a / b),
  overload("-_(double): double", (a: number) => -a),
  overload("_+_(string, string): string", (a: string, b: string) => a + b),
  overload("_+_(bytes, bytes): bytes", (a: Uint8Array, b: Uint8Array) => new Uint8Array(Buffer.concat([a, b]))),
  overload("_+_(list(A), list(A)): list(A)", (a: unknown[], b: unknown[]) => [...a, ...b]),
  overload("_+_(timestamp, duration): timestamp", (a: Timestamp, b: Duration) => new Timestamp(a.nanos + b.nanos)),
  overload("_+_(duration, timestamp): timestamp", (a: Duration, b: Timestamp) => new Timestamp(a.nanos + b.nanos)),
  overload("_+_(duration, duration): duration", (a: Duration, b: Duration) => new Duration(a.nanos + b.nanos)),
  overload("_-_(timestamp, timestamp): duration", (a: Timestamp, b: Timestamp) => new Duration(a.nanos - b.nanos)),
  overload("_-_(timestamp, duration): timestamp", (a: Timestamp, b: Duration) => new Timestamp(a.nanos - b.nanos)),
  overload("_-_(duration, duration): duration", (a: Duration, b: Duration) => new Duration(a.nanos - b.nanos)),
];

const comparable = ["bool", "string", "bytes", "timestamp", "duration"];
const numbers = ["int", "uint", "double"];
const pairs = [...comparable.map((type) => `${type}, ${type}`), ...numbers.flatMap((left) => numbers.map((right) => `${left}, ${right}`))];

const relations: readonly Overload[] = Object.entries({
  "_<_": (order: number) => order < 0,
  "_<=_": (order: number) => order <= 0,
  "_>_": (order: number) => order > 0,
  "_>=_": (order: number) => order >= 0,
}).flatMap(([name, holds]) =>
  pairs.map((types) => overload(`${name}(${types}): bool`, (a: unknown, b: unknown) => holds(celCompare(a, b) ?? Number.NaN))),
);

const entry = (map: CelMap, key: unknown): unknown => {
  if (!map.has(key)) throw new CelError(`no such key: ${typeof key === "string" ? key : String(key instanceof Uint ? key.value : key)}`);
  return map.get(key);
};

const item = (list: readonly unknown[], index: bigint | Uint | number): unknown => {
  const at = Number(index instanceof Uint ? index.value : index);
  if (!Number.isInteger(at) || at < 0 || at >= list.length) throw new CelError(`index out of bounds: ${String(at)}`);
  return list[at];
};

const containers: readonly Overload[] = [
  overload("_==_(A, A): bool", celEquals),
  overload("_!=_(A, A): bool", (a: unknown, b: unknown) => !celEquals(a, b)),
  overload("@in(A, list(A)): bool", (value: unknown, list: readonly unknown[]) => list.some((each) => celEquals(each, value))),
  overload("@in(A, map(A, B)): bool", (key: unknown, map: CelMap) => map.has(key)),
  overload("_[_](list(A), int): A", item),
  overload("_[_](map(A, B), A): B", entry),
  overload("!_(bool): bool", (value: boolean) => !value),
  overload("size(string): int", (text: string) => BigInt(Array.from(text).length)),
  overload("size(bytes): int", (value: Uint8Array) => BigInt(value.length)),
  overload("size(list(A)): int", (list: readonly unknown[]) => BigInt(list.length)),
  overload("size(map(A, B)): int", (map: CelMap) => BigInt(map.size)),
  overload("string.size(): int", (text: string) => BigInt(Array.from(text).length)),
  overload("bytes.size(): int", (value: Uint8Array) => BigInt(value.length)),
  overload("list(A).size(): int", (list: readonly unknown[]) => BigInt(list.length)),
  overload("map(A, B).size(): int", (map: CelMap) => BigInt(map.size)),
];

const toInt = (value: unknown): bigint => {
  if (typeof value === "bigint") return value;
  if (value instanceof Uint) return inInt(value.value);
  if (value instanceof Timestamp) return value.nanos / 1_000_000_000n;
  if (value instanceof Duration) return value.nanos;
  if (typeof value === "string") {
    if (!/^[-+]?[0-9]+$/.test(value)) throw new CelError(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
    return inInt(BigInt(value.replace("+", "")));
  }
  if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) >= 2 ** 63) throw new CelError("integer overflow");
  return BigInt(Math.trunc(value));
};

const toDouble = (value: unknown): number => {
  if (typeof value === "string") {
    const number = Number(value);
    if (value.trim() === "" || Number.isNaN(number))
      throw new CelError(`strconv.ParseFloat: parsing ${JSON.stringify(value)}: invalid syntax`);
    return number;
  }
  return Number(value instanceof Uint ? value.value : value);
};

const toText = (value: unknown): string => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (value instanceof Timestamp) return showTimestamp(value);
  if (value instanceof Duration) return showDuration(value);
  return String(value instanceof Uint ? value.value : value);
};

const conversion = (name: string, from: readonly string[], run: (value: unknown) => unknown): readonly Overload[] =>
  from.map((type) => overload(`${name}(${type}): ${name}`, run));

const conversions: readonly Overload[] = [
  ...conversion("int", ["int", "uint", "double", "string", "timestamp", "duration"], toInt),
  ...conversion("uint", ["int", "uint", "double", "string"], (value) => (value instanceof Uint ? value : new Uint(toInt(value)))),
  ...conversion("double", ["int", "uint", "double", "string"], toDouble),
  ...conversion("string", ["string", "int", "uint", "double", "bool", "bytes", "timestamp", "duration"], toText),
  ...conversion("bytes", ["bytes", "string"], (value) => (typeof value === "string" ? new Uint8Array(Buffer.from(value, "utf8")) : value)),
  ...conversion("bool", ["bool", "string"], (value) => {
    if (typeof value !== "string") return value;
    if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
    if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
    throw new CelError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  }),
  ...conversion("timestamp", ["timestamp", "string", "int"], (value) =>
    typeof value === "string" ? parseTimestamp(value) : typeof value === "bigint" ? new Timestamp(value * 1_000_000_000n) : value,
  ),
  ...conversion("duration", ["duration", "string", "int"], (value) =>
    typeof value === "string" ? parseDuration(value) : typeof value === "bigint" ? new Duration(value) : value,
  ),
  overload("dyn(A): dyn", (value: unknown) => value),
  overload("type(A): type", (value: unknown) => new TypeValue(typeNameOf(value))),
];

const matches = (text: string, pattern: string): boolean => compilePattern(pattern).matcher(text).find();

const texts: readonly Overload[] = [
  overload("string.contains(string): bool", (text: string, part: string) => text.includes(part)),
  overload("string.startsWith(string): bool", (text: string, part: string) => text.startsWith(part)),
  overload("string.endsWith(string): bool", (text: string, part: string) => text.endsWith(part)),
  overload("string.matches(string): bool", matches),
  overload("matches(string, string): bool", matches),
];

/** The parts of a time in a zone: an offset, or an IANA name. */
const inZone = ({ nanos }: Timestamp, zone: string): Date => {
  const ms = Number(nanos / 1_000_000n);
  const offset = /^([+-])?([0-9]{2}):([0-9]{2})$/.exec(zone);
  if (offset) return new Date(ms + (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000);
  if (zone === "UTC") return new Date(ms);
  try {
    const parts = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }).formatToParts(new Date(ms));
    const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
    return new Date(Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"), ms % 1000));
  } catch {
    throw new CelError(`unknown time zone ${zone}`);
  }
};

const dayOfYear = (date: Date): number =>
  Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

const times: readonly Overload[] = [
  ...Object.entries({
    getFullYear: (date: Date) => date.getUTCFullYear(),
    getMonth: (date: Date) => date.getUTCMonth(),
    getDate: (date: Date) => date.getUTCDate(),
    getDayOfMonth: (date: Date) => date.getUTCDate() - 1,
    getDayOfWeek: (date: Date) => date.getUTCDay(),
    getDayOfYear: dayOfYear,
    getHours: (date: Date) => date.getUTCHours(),
    getMinutes: (date: Date) => date.getUTCMinutes(),
    getSeconds: (date: Date) => date.getUTCSeconds(),
    getMilliseconds: (date: Date) => date.getUTCMilliseconds(),
  }).flatMap(([name, part]) => [
    overload(`timestamp.${name}(): int`, (time: Timestamp) => BigInt(part(inZone(time, "UTC")))),
    overload(`timestamp.${name}(string): int`, (time: Timestamp, zone: string) => BigInt(part(inZone(time, zone)))),
  ]),
  overload("duration.getHours(): int", ({ nanos }: Duration) => nanos / 3_600_000_000_000n),
  overload("duration.getMinutes(): int", ({ nanos }: Duration) => nanos / 60_000_000_000n),
  overload("duration.getSeconds(): int", ({ nanos }: Duration) => nanos / 1_000_000_000n),
  overload("duration.getMilliseconds(): int", ({ nanos }: Duration) => (nanos / 1_000_000n) % 1000n),
];

const select = (container: unknown, key: unknown): Optional => {
  if (isCelMap(container)) return container.has(key) ? new Optional(container.get(key)) : Optional.none;
  const at = Number(key);
  return Array.isArray(container) && Number.isInteger(at) && at >= 0 && at < container.length ? new Optional(container[at]) : Optional.none;
};

const isZero = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  value === 0n ||
  value === 0 ||
  value === false ||
  (Array.isArray(value) && value.length === 0) ||
  (isCelMap(value) && value.size === 0) ||
  (value instanceof Uint && value.value === 0n);

const valueOf = (optional: Optional): unknown => {
  if (!optional.hasValue) throw new CelError("optional.none() dereference");
  return optional.value;
};

const optionals: readonly Overload[] = [
  overload("optional.of(A): optional(A)", (value: unknown) => new Optional(value)),
  overload("optional(A).hasValue(): bool", (optional: Optional) => optional.hasValue),
  overload("optional(A).value(): A", valueOf),
  overload("optional(A).or(optional(A)): optional(A)", (a: Optional, b: Optional) => (a.hasValue ? a : b)),
  overload("optional(A).orValue(A): A", (a: Optional, b: unknown) => (a.hasValue ? a.value : b)),
  overload("_[?_](list(A), int): optional(A)", select),
  overload("_[?_](map(A, B), A): optional(B)", select),
  overload("_[?_](optional(list(A)), int): optional(A)", (a: Optional, key: unknown) => (a.hasValue ? select(a.value, key) : a)),
  overload("_[?_](optional(map(A, B)), A): optional(B)", (a: Optional, key: unknown) => (a.hasValue ? select(a.value, key) : a)),
].filter(({ name }) => name !== "of");

/** Called by their full names, `optional.none()`. */
export const optionalConstructors: readonly Overload[] = [
  { ...overload("none(): optional(A)", () => Optional.none), name: "optional.none" },
  { ...overload("of(A): optional(A)", (value: unknown) => new Optional(value)), name: "optional.of" },
  {
    ...overload("ofNonZeroValue(A): optional(A)", (value: unknown) => (isZero(value) ? Optional.none : new Optional(value))),
    name: "optional.ofNonZeroValue",
  },
];

/** What CEL itself has. */
export const standard: readonly Overload[] = [
  ...arithmetic,
  ...relations,
  ...containers,
  ...conversions,
  ...texts,
  ...times,
  ...optionals,
  ...optionalConstructors,
];
