import { Quantity, type QuantityFormat } from "./quantity.ts";

/** Why a text is not a quantity: upstream's ErrFormatWrong, ErrNumeric and ErrSuffix. */
export class QuantityError extends Error {}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongNumber = "unable to parse numeric part of quantity";
const wrongSuffix = "unable to parse quantity's suffix";

const decimalSuffixes: ReadonlyMap<string, number> = new Map(
  Object.entries({ "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18 }),
);
const binarySuffixes: ReadonlyMap<string, number> = new Map(Object.entries({ Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }));

/** Sign, leading zeros, digits, fraction, suffix: every part may be empty (`.`, `Mi` and `-` are zero, as upstream has it). */
const shape = /^([+-]?)0*([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

const maxInt64 = 2n ** 63n - 1n;
const nano = -9;
/** The decimal digits that always fit in an int64. */
const maxDigits = 18;

interface Suffix {
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const suffixOf = (text: string): Suffix => {
  const decimal = decimalSuffixes.get(text);
  if (decimal !== undefined) return { exponent: decimal, format: "DecimalSI" };
  const binary = binarySuffixes.get(text);
  if (binary !== undefined) return { exponent: binary, format: "BinarySI" };
  if (!/^[eE][-+]?[0-9]+$/.test(text)) throw new QuantityError(wrongSuffix);
  const exponent = BigInt(text.slice(text[1] === "+" ? 2 : 1));
  if (exponent > maxInt64 || exponent < -maxInt64 - 1n) throw new QuantityError(wrongSuffix);
  return { exponent: Number(BigInt.asIntN(32, exponent)), format: "DecimalExponent" };
};

const isCanonical = (format: QuantityFormat, exponent: number, digits: string, scale: number): boolean =>
  format === "BinarySI"
    ? exponent % 10 === 0 && (BigInt(digits) & 7n) !== 0n
    : scale % 3 === 0 && !digits.endsWith("000") && !digits.startsWith("0");

/** Divides by 10^places, away from zero. */
const roundedUp = (value: bigint, places: number): bigint => {
  const divisor = 10n ** BigInt(places);
  const quotient = value / divisor;
  return quotient * divisor === value ? quotient : quotient + 1n;
};

const parse = (text: string): Quantity => {
  if (text === "") throw new QuantityError(wrongFormat);
  const parts = shape.exec(text);
  if (!parts) throw new QuantityError(wrongFormat);
  const [, sign, whole = "", fraction = "", suffixText = ""] = parts;
  const { exponent, format } = suffixOf(suffixText);
  const digits = (whole === "" ? "0" : whole) + fraction;
  const negative = sign === "-";

  const binary = format === "BinarySI";
  const precision = binary ? (fraction === "" ? 15 - digits.length - Math.trunc((exponent * 3) / 10) - 1 : -1) : maxDigits - digits.length;
  const scale = (binary ? 0 : exponent) - fraction.length;
  if (precision >= 0 && scale >= nano) {
    const value = binary ? BigInt(digits) << BigInt(exponent) : BigInt(digits);
    return new Quantity(negative ? -value : value, scale, format, isCanonical(format, exponent, digits, scale) ? text : undefined);
  }

  if (whole === "" && fraction === "" && !/[0-9]/.test(text.slice(0, text.length - suffixText.length)))
    throw new QuantityError(wrongNumber);
  let value = binary ? BigInt(digits) << BigInt(exponent) : BigInt(digits);
  let size = scale;
  if (size < nano) {
    value = digits.length + size < nano ? (value === 0n ? 0n : 1n) : roundedUp(value, nano - size);
    size = nano;
  }
  const unit = 10n ** BigInt(-Math.min(size, 0));
  if (binary && value > maxInt64 * unit) [value, size] = [maxInt64, 0];
  const belowOne = binary && value > 0n && value < unit;
  return new Quantity(negative ? -value : value, size, belowOne ? "DecimalSI" : format);
};

const cache = new Map<string, Quantity>();
const cacheSize = 4096;

/** The quantity that a text stands for (resource.ParseQuantity). Throws QuantityError. Equal texts usually give the same value. */
export const parseQuantity = (text: string): Quantity => {
  const known = cache.get(text);
  if (known) return known;
  const quantity = parse(text);
  if (text.length > 64) return quantity;
  if (cache.size >= cacheSize) cache.clear();
  cache.set(text, quantity);
  return quantity;
};

/** A quantity as it stands in an object: a string, or a bare number. Surrounding blanks are forgiven. Throws QuantityError. */
export const quantityOf = (value: unknown): Quantity => {
  if (typeof value === "string") return cache.get(value) ?? parseQuantity(value.trim());
  if (typeof value === "number" || typeof value === "bigint") return parseQuantity(String(value));
  if (value === undefined || value === null) return Quantity.zero;
  throw new QuantityError(wrongFormat);
};

/** Whether a text is a quantity. */
export const isQuantity = (value: unknown): boolean => {
  try {
    quantityOf(value);
    return true;
  } catch {
    return false;
  }
};
