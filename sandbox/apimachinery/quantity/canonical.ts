import type { Quantity } from "./quantity.ts";

const decimalSuffixes: ReadonlyMap<number, string> = new Map([
  [-9, "n"],
  [-6, "u"],
  [-3, "m"],
  [0, ""],
  [3, "k"],
  [6, "M"],
  [9, "G"],
  [12, "T"],
  [15, "P"],
  [18, "E"],
]);
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** The largest power of `factor` in the value is taken out: what is left, and how often it divided. */
const withoutFactors = (value: bigint, factor: bigint): readonly [bigint, number] => {
  let times = 0;
  while (value !== 0n && value % factor === 0n) {
    value /= factor;
    times++;
  }
  return [value, times];
};

/** Between -1024 and 1024, and where a fraction would be lost, the binary format gives way to the decimal one. */
const isShownInBinary = ({ format, unscaled, scale }: Quantity): boolean => {
  if (format !== "BinarySI") return false;
  if (scale > farBeyondInt64) return true;
  const unit = 10n ** BigInt(Math.abs(scale));
  if (scale < 0 && unscaled % unit !== 0n) return false;
  const value = scale < 0 ? unscaled / unit : unscaled * unit;
  return value <= -1024n || value >= 1024n;
};

const farBeyondInt64 = 100;

const decimalText = ({ format, unscaled, scale }: Quantity): string => {
  const [bare, zeros] = withoutFactors(unscaled, 10n);
  const exponent = scale + zeros;
  const surplus = ((exponent % 3) + 3) % 3;
  const digits = String(bare * 10n ** BigInt(surplus));
  const power = exponent - surplus;
  if (format === "DecimalExponent") return power === 0 ? digits : `${digits}e${String(power)}`;
  return digits + (decimalSuffixes.get(power) ?? "");
};

/** The canonical form of a quantity (CanonicalizeBytes). */
export const canonicalText = (quantity: Quantity): string => {
  if (quantity.isZero()) return "0";
  if (!isShownInBinary(quantity)) return decimalText(quantity);
  const [digits, power] = withoutFactors(quantity.scaled(0), 1024n);
  return power < binarySuffixes.length ? `${String(digits)}${binarySuffixes[power] ?? ""}` : String(digits);
};
