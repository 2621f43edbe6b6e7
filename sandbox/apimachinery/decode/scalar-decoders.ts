import { QuantityError, quantityOf } from "../quantity/parse.ts";
import { DecodeError } from "../errors/decode-error.ts";
import type { DecodeRun } from "./decode-run.ts";
import { canonicalTime } from "./go-time.ts";
import { NumberLiteral } from "./json-reader.ts";
import type { ScalarSchema } from "../schema/schema.ts";

/** Turns a JSON value, never null, into what Go would print of it; `undefined` after an error that the run has noted. */
export type Decode = (value: unknown, run: DecodeRun) => unknown;

/** The decoder of a scalar. `type` is Go's name for it, as error messages show it. */
export const scalarDecoder = (schema: ScalarSchema, type: string): Decode => {
  switch (schema.type) {
    case "string":
    case "duration":
      return (value, run) => (typeof value === "string" ? value : run.wrongType(value, type));
    case "boolean":
      return (value, run) => (typeof value === "boolean" ? value : run.wrongType(value, type));
    case "integer":
      return schema.format === "int32" ? integerDecoder(type, int32) : integerDecoder(type, int64);
    case "number":
      return (value, run) =>
        typeof value === "number" ? value : value instanceof NumberLiteral ? Number(value.text) : run.wrongType(value, type);
    case "quantity":
      return decodeQuantity;
    case "int-or-string":
      return (value, run) => (typeof value === "string" ? value : decodeInt32(value, run));
    case "bytes":
      return (value, run) =>
        typeof value === "string"
          ? canonicalBase64(value)
          : isByteList(value)
            ? Buffer.from(value).toString("base64")
            : run.wrongType(value, type);
    case "time":
    case "micro-time": {
      const layout = schema.type;
      return (value, run) => (typeof value === "string" ? canonicalTime(value, layout) : run.wrongType(value, "string"));
    }
  }
};

interface Range {
  readonly least: bigint;
  readonly most: bigint;
}

const int32: Range = { least: -(2n ** 31n), most: 2n ** 31n - 1n };
const int64: Range = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

const integerDecoder = (type: string, { least, most }: Range): Decode => {
  const [low, high] = [Number(least), Number(most)];
  return (value, run) => {
    if (typeof value === "number")
      return Number.isInteger(value) && value >= low && value <= high ? value : run.wrongType(value, type, `number ${String(value)}`);
    if (!(value instanceof NumberLiteral)) return run.wrongType(value, type);
    if (!/^-?\d+$/.test(value.text) || BigInt(value.text) < least || BigInt(value.text) > most)
      return run.wrongType(value, type, `number ${value.text}`);
    return Number(value.text);
  };
};

const decodeInt32 = integerDecoder("int32", int32);

const decodeQuantity: Decode = (value) => {
  try {
    return quantityOf(value instanceof NumberLiteral ? value.text : typeof value === "boolean" ? String(value) : value).toString();
  } catch (error) {
    throw error instanceof QuantityError ? new DecodeError(error.message) : error;
  }
};

const isByteList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && (byte as number) >= 0 && (byte as number) < 256);

/** Base64 as Go's StdEncoding reads it: line breaks are skipped, padding must be right. Throws CorruptInputError's words. */
const canonicalBase64 = (text: string): string => {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return text;
  const corruptAt = firstCorruptByte(Buffer.from(text, "utf8"));
  if (corruptAt >= 0) throw new DecodeError(`illegal base64 data at input byte ${String(corruptAt)}`);
  return text.replaceAll(/[\r\n]/g, "");
};

const isBase64 = (byte: number): boolean =>
  (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2f;
const isLineBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;
const padding = 0x3d;

const firstCorruptByte = (bytes: Uint8Array): number => {
  let inGroup = 0;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]!;
    if (isLineBreak(byte)) continue;
    if (byte === padding) return corruptPadding(bytes, index, inGroup);
    if (!isBase64(byte)) return index;
    inGroup = (inGroup + 1) % 4;
  }
  return inGroup === 0 ? -1 : bytes.length - inGroup;
};

const corruptPadding = (bytes: Uint8Array, first: number, inGroup: number): number => {
  if (inGroup < 2) return first;
  let index = first + 1;
  const skipBreaks = (): void => {
    while (isLineBreak(bytes[index])) index++;
  };
  skipBreaks();
  if (inGroup === 2) {
    if (index >= bytes.length) return bytes.length;
    if (bytes[index] !== padding) return index - 1;
    index++;
    skipBreaks();
  }
  return index < bytes.length ? index : -1;
};
