import { deepEqual } from "../meta/equal.ts";
import { Quantity } from "../quantity/quantity.ts";
import type { CelType } from "./types.ts";

/** Why an expression has no value. */
export class CelError extends Error {}

/** An unsigned integer. */
export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    if (value < 0n || value > 2n ** 64n - 1n) throw new CelError("unsigned integer overflow");
    this.value = value;
  }
}

/** Nanoseconds since the epoch. */
export class Timestamp {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** Nanoseconds. */
export class Duration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}

/** A value that may be missing. */
export class Optional {
  static readonly none = new Optional(undefined);
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  get hasValue(): boolean {
    return this !== Optional.none;
  }
}

/** The type of a value, as `type(x)` answers it. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A map or message: what it holds is converted when it is asked for. */
export interface CelMap {
  readonly size: number;
  get(key: unknown): unknown;
  has(key: unknown): boolean;
  keys(): readonly unknown[];
}

const keyText = (key: unknown): string =>
  typeof key === "string" ? `s${key}` : typeof key === "boolean" ? `b${String(key)}` : `n${String(key instanceof Uint ? key.value : key)}`;

/** A map that an expression made. */
export class LiteralMap implements CelMap {
  readonly #entries: ReadonlyMap<string, readonly [unknown, unknown]>;
  constructor(entries: readonly (readonly [unknown, unknown])[]) {
    this.#entries = new Map(entries.map((entry) => [keyText(entry[0]), entry]));
  }
  get size(): number {
    return this.#entries.size;
  }
  get(key: unknown): unknown {
    return this.#entries.get(keyText(key))?.[1];
  }
  has(key: unknown): boolean {
    return this.#entries.has(keyText(key));
  }
  keys(): readonly unknown[] {
    return [...this.#entries.values()].map(([key]) => key);
  }
}

type Raw = Readonly<Record<string, unknown>>;

/** A JSON object. Members that are null or absent in a struct count as missing. */
export class JsonObject implements CelMap {
  readonly raw: Raw;
  readonly #type: CelType;
  constructor(raw: Raw, type: CelType) {
    this.raw = raw;
    this.#type = type;
  }
  get size(): number {
    return this.keys().length;
  }
  #field(key: unknown): readonly [string, CelType] | undefined {
    if (typeof key !== "string") return undefined;
    if (this.#type.kind === "object") {
      const field = this.#type.fields.get(key);
      return field && [field.key, field.type];
    }
    return [key, this.#type.kind === "map" ? this.#type.value : { kind: "dyn" }];
  }
  get(key: unknown): unknown {
    const field = this.#field(key);
    return field && fromJson(this.raw[field[0]], field[1]);
  }
  has(key: unknown): boolean {
    const field = this.#field(key);
    return field !== undefined && Object.hasOwn(this.raw, field[0]) && (this.#type.kind !== "object" || this.raw[field[0]] !== null);
  }
  keys(): readonly unknown[] {
    if (this.#type.kind !== "object") return Object.keys(this.raw);
    return [...this.#type.fields].filter(([, { key }]) => Object.hasOwn(this.raw, key)).map(([name]) => name);
  }
}

export const isCelMap = (value: unknown): value is CelMap => value instanceof JsonObject || value instanceof LiteralMap;

/** Nanoseconds of an RFC 3339 time. Throws CelError. */
export const parseTimestamp = (text: string): Timestamp => {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$/.exec(
    text,
  );
  const ms = match ? Date.parse(`${match[1] ?? ""}T${match[2] ?? "00:00:00"}${(match[4] ?? "Z").toUpperCase()}`) : Number.NaN;
  if (Number.isNaN(ms))
    throw new CelError(
      `parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`,
    );
  return new Timestamp(BigInt(ms) * 1_000_000n + BigInt((match?.[3] ?? "").padEnd(9, "0")));
};

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Nanoseconds of a Go duration, `1h30m`. Throws CelError. */
export const parseDuration = (text: string): Duration => {
  const sign = text.startsWith("-") ? -1n : 1n;
  const rest = text.replace(/^[-+]/, "");
  if (rest === "0") return new Duration(0n);
  if (!/^(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$/.test(rest))
    throw new CelError(`time: invalid duration ${JSON.stringify(text)}`);
  let nanos = 0n;
  for (const [, whole = "", , fraction = "", unit = ""] of rest.matchAll(/([0-9]*)(\.([0-9]*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const size = units[unit] ?? 1n;
    nanos += BigInt(whole || "0") * size + (fraction === "" ? 0n : (BigInt(fraction) * size) / 10n ** BigInt(fraction.length));
  }
  return new Duration(sign * nanos);
};

/** A JSON value as CEL sees it: integers by their schema, times and durations parsed, objects and lists on demand. Throws CelError. */
export const fromJson = (value: unknown, type: CelType): unknown => {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case "int":
      return typeof value === "number" ? BigInt(Math.trunc(value)) : value;
    case "double":
      return typeof value === "bigint" ? Number(value) : value;
    case "timestamp":
      return typeof value === "string" ? parseTimestamp(value) : value;
    case "duration":
      return typeof value === "string" ? parseDuration(value) : value;
    case "bytes":
      return typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value;
    default:
      if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
      if (Array.isArray(value)) return value.map((item: unknown) => fromJson(item, type.kind === "list" ? type.item : { kind: "dyn" }));
      // Values that a library made (authorizers and the like) are what they are.
      if (typeof value === "object" && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null))
        return new JsonObject(value as Raw, type);
      return value;
  }
};

/** A CEL value as JSON: what messages and patches are made of. */
export const toJson = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Timestamp) return showTimestamp(value);
  if (value instanceof Duration) return showDuration(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Optional) return value.hasValue ? toJson(value.value) : null;
  if (value instanceof JsonObject) return value.raw;
  if (isCelMap(value)) return Object.fromEntries(value.keys().map((key) => [String(toJson(key)), toJson(value.get(key))]));
  return Array.isArray(value) ? value.map(toJson) : value;
};

export const showTimestamp = ({ nanos }: Timestamp): string => {
  const seconds = nanos / 1_000_000_000n - (nanos < 0n && nanos % 1_000_000_000n !== 0n ? 1n : 0n);
  const rest = nanos - seconds * 1_000_000_000n;
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", `${fraction}Z`);
};

export const showDuration = ({ nanos }: Duration): string => {
  const seconds = nanos / 1_000_000_000n;
  const rest = nanos % 1_000_000_000n;
  const fraction =
    rest === 0n
      ? ""
      : `.${String(rest < 0n ? -rest : rest)
          .padStart(9, "0")
          .replace(/0+$/, "")}`;
  return `${nanos < 0n && seconds === 0n ? "-" : ""}${String(seconds)}${fraction}s`;
};

/** The name of a value's type. */
export const typeNameOf = (value: unknown): string => {
  switch (typeof value) {
    case "bigint":
      return "int";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
  }
  if (value === null || value === undefined) return "null_type";
  if (value instanceof Uint) return "uint";
  if (value instanceof Uint8Array) return "bytes";
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof Optional) return "optional_type";
  if (value instanceof TypeValue) return "type";
  if (value instanceof Quantity) return "kubernetes.Quantity";
  if (Array.isArray(value)) return "list";
  if (isCelMap(value)) return "map";
  return (value as { readonly celType?: string }).celType ?? "dyn";
};

const numeric = (value: unknown): bigint | number | undefined =>
  value instanceof Uint ? value.value : typeof value === "bigint" || typeof value === "number" ? value : undefined;

/** CEL's equality: numbers of every kind compare by value, lists and maps member by member. */
/** An int and a double are equal where their values are, which BigInt compares exactly. */
const sameNumber = (left: number | bigint, right: number | bigint): boolean => left >= right && left <= right;

export const celEquals = (a: unknown, b: unknown): boolean => {
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined || right !== undefined) return left !== undefined && right !== undefined && sameNumber(left, right);
  if (a === b) return true;
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration)) return a.nanos === b.nanos;
  if (a instanceof Quantity && b instanceof Quantity) return a.equals(b);
  if (a instanceof TypeValue && b instanceof TypeValue) return a.name === b.name;
  if (a instanceof Optional && b instanceof Optional) return a.hasValue === b.hasValue && (!a.hasValue || celEquals(a.value, b.value));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => celEquals(item, b[at]));
  if (a instanceof JsonObject && b instanceof JsonObject) return deepEqual(a.raw, b.raw);
  if (isCelMap(a) && isCelMap(b)) return a.size === b.size && a.keys().every((key) => b.has(key) && celEquals(a.get(key), b.get(key)));
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null)
    return (a as { equals?: (other: unknown) => boolean }).equals?.(b) ?? false;
  return false;
};

/** Negative, zero or positive; undefined where the two cannot be compared. */
export const celCompare = (a: unknown, b: unknown): number | undefined => {
  const [left, right] = [numeric(a), numeric(b)];
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration))
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
};
