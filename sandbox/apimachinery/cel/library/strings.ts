import { overload, type Overload } from "../functions.ts";
import { CelError, Duration, isCelMap, showDuration, showTimestamp, Timestamp, TypeValue, typeNameOf, Uint } from "../values.ts";

const runes = (text: string): string[] => Array.from(text);

const within = (index: bigint, length: number): number => {
  if (index < 0n || Number(index) > length) throw new CelError(`index out of range: ${String(index)}`);
  return Number(index);
};

const substring = (text: string, from: bigint, to?: bigint): string => {
  const characters = runes(text);
  const [start, end] = [within(from, characters.length), to === undefined ? characters.length : within(to, characters.length)];
  if (start > end) throw new CelError(`invalid substring range. start: ${String(from)}, end: ${String(to)}`);
  return characters.slice(start, end).join("");
};

const indexOf = (text: string, part: string, from = 0n): bigint => {
  const characters = runes(text);
  const start = within(from, characters.length);
  const found = characters.slice(start).join("").indexOf(part);
  return found < 0 ? -1n : BigInt(start + runes(characters.slice(start).join("").slice(0, found)).length);
};

const lastIndexOf = (text: string, part: string, until?: bigint): bigint => {
  const characters = runes(text);
  const end = until === undefined ? text.length : characters.slice(0, within(until, characters.length)).join("").length;
  const found = text.lastIndexOf(part, end);
  return found < 0 ? -1n : BigInt(runes(text.slice(0, found)).length);
};

const replace = (text: string, from: string, to: string, most = -1n): string => {
  if (most < 0n) return text.replaceAll(from, () => to);
  let result = "";
  let rest = text;
  for (let left = most; left > 0n; left--) {
    const at = rest.indexOf(from);
    if (at < 0) break;
    result += rest.slice(0, at) + to;
    rest = rest.slice(at + from.length);
  }
  return result + rest;
};

const split = (text: string, separator: string, most = -1n): string[] => {
  if (most === 0n) return [];
  const parts = separator === "" ? runes(text) : text.split(separator);
  return most < 0n || parts.length <= Number(most)
    ? parts
    : [...parts.slice(0, Number(most) - 1), parts.slice(Number(most) - 1).join(separator)];
};

const charAt = (text: string, index: bigint): string => runes(text)[within(index, runes(text).length)] ?? "";
const ascii = (text: string, change: (part: string) => string): string => text.replaceAll(/[A-Za-z]+/g, change);

/** A value as `%s` of format shows it. */
const shown = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (value === null) return "null";
  if (value instanceof Timestamp) return showTimestamp(value);
  if (value instanceof Duration) return showDuration(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("utf8");
  if (value instanceof TypeValue) return value.name;
  if (Array.isArray(value)) return `[${value.map(quoted).join(", ")}]`;
  if (isCelMap(value))
    return `{${value
      .keys()
      .map((key) => `${quoted(key)}:${quoted(value.get(key))}`)
      .sort()
      .join(", ")}}`;
  return String(value instanceof Uint ? value.value : (value as string | number | bigint | boolean));
};

const quoted = (value: unknown): string => (typeof value === "string" ? JSON.stringify(value) : shown(value));

const formatted = (template: string, values: readonly unknown[]): string => {
  let at = 0;
  return template.replaceAll(/%(%|(?:\.([0-9]+))?([sdfeboxX]))/g, (_, all: string, precision: string | undefined, verb: string) => {
    if (all === "%") return "%";
    if (at >= values.length) throw new CelError(`index ${String(at)} out of range`);
    const value = values[at++];
    const number = value instanceof Uint ? value.value : value;
    switch (verb) {
      case "s":
        return shown(value);
      case "d":
        if (typeof number !== "bigint" && typeof number !== "number")
          throw new CelError(`error during formatting: integer clause can only be used on integers, was given ${typeNameOf(value)}`);
        return String(number);
      case "f":
        return Number(number).toFixed(Number(precision ?? 6));
      case "e":
        return Number(number)
          .toExponential(Number(precision ?? 6))
          .replace(/e([+-])([0-9])$/, "e$10$2");
      case "b":
        return typeof value === "boolean" ? (value ? "1" : "0") : (number as bigint).toString(2);
      case "o":
        return (number as bigint).toString(8);
      default: {
        const hex =
          typeof value === "string" || value instanceof Uint8Array ? Buffer.from(value).toString("hex") : (number as bigint).toString(16);
        return verb === "X" ? hex.toUpperCase() : hex;
      }
    }
  });
};

/** cel-go's string extensions. */
export const strings: readonly Overload[] = [
  overload("string.charAt(int): string", charAt),
  overload("string.indexOf(string): int", indexOf),
  overload("string.indexOf(string, int): int", indexOf),
  overload("string.lastIndexOf(string): int", lastIndexOf),
  overload("string.lastIndexOf(string, int): int", lastIndexOf),
  overload("string.lowerAscii(): string", (text: string) => ascii(text, (part) => part.toLowerCase())),
  overload("string.upperAscii(): string", (text: string) => ascii(text, (part) => part.toUpperCase())),
  overload("string.replace(string, string): string", replace),
  overload("string.replace(string, string, int): string", replace),
  overload("string.split(string): list(string)", split),
  overload("string.split(string, int): list(string)", split),
  overload("string.substring(int): string", substring),
  overload("string.substring(int, int): string", substring),
  overload("string.trim(): string", (text: string) => text.trim()),
  overload("string.reverse(): string", (text: string) => runes(text).reverse().join("")),
  overload("string.format(list(dyn)): string", formatted),
  overload("list(string).join(): string", (list: readonly string[]) => list.join("")),
  overload("list(string).join(string): string", (list: readonly string[], separator: string) => list.join(separator)),
  { ...overload("quote(string): string", (text: string) => JSON.stringify(text)), name: "strings.quote" },
  { ...overload("encode(bytes): string", (value: Uint8Array) => Buffer.from(value).toString("base64")), name: "base64.encode" },
  { ...overload("decode(string): bytes", (text: string) => new Uint8Array(Buffer.from(text, "base64"))), name: "base64.decode" },
];
