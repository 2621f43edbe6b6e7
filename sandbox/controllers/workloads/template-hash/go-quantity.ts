const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const decimal: Readonly<Record<string, number>> = { "n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18 };

const MOST_INT64_DIGITS = 18;
const NANO = 9;
const LARGEST_INT64 = 2n ** 63n - 1n;

interface Amount {
  /** Fits Go's fast path: `value × 10^scale`. */
  readonly small?: { readonly value: bigint; readonly scale: number };
  /** Needs arbitrary precision: `unscaled × 10^-scale`. */
  readonly large?: { readonly unscaled: bigint; readonly scale: number };
  readonly format: string;
  /** The text is in canonical form by the look of it, and Go keeps it. */
  readonly keepsText?: boolean;
}

/**
 * A quantity as spew prints resource.Quantity: whether Go keeps it in an int64 or in an inf.Dec shows, and so does the text, where Go keeps it.
 */
export const dumpQuantity = (value: unknown): string => {
  const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
  const { small, large, format, keepsText } = parse(text);
  const int = `(resource.int64Amount){value:(int64)${small?.value ?? 0n} scale:(resource.Scale)${small?.scale ?? 0}}`;
  return `{i:${int} d:(resource.infDecAmount){Dec:(*inf.Dec)${large ? dumpDec(large) : "<nil>"}} s:(string)${keepsText ? text : ""} Format:(resource.Format)${format}}`;
};

const parse = (text: string): Amount => {
  if (text === "") return { format: "" };
  if (text === "0") return { small: { value: 0n, scale: 0 }, format: "DecimalSI", keepsText: true };
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?([a-zA-Z]*)([+-]?\d*)$/.exec(text);
  if (!match) return { format: "" };
  const [, sign, digits, denominator = "", suffix = "", power = ""] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string | undefined,
    string | undefined,
  ];
  const numerator = digits === "" ? "0" : digits;
  const negate = (value: bigint): bigint => (sign === "-" ? -value : value);
  const bits = binary[suffix];
  if (bits !== undefined) {
    const precision = denominator === "" ? 15 - numerator.length - Math.trunc((bits * 3) / 10) - 1 : -1;
    const count = BigInt(numerator);
    if (precision >= 0)
      return { small: { value: negate(count << BigInt(bits)), scale: 0 }, format: "BinarySI", keepsText: (count & 7n) !== 0n };
    const unscaled = BigInt(numerator + denominator) << BigInt(bits);
    const rounded = roundedToNano({ unscaled, scale: denominator.length });
    const capped = rounded.unscaled > LARGEST_INT64 * 10n ** 9n ? { unscaled: LARGEST_INT64, scale: 0 } : rounded;
    return { large: { ...capped, unscaled: negate(capped.unscaled) }, format: "BinarySI" };
  }
  const exponent = power !== "" ? Number(power) : (decimal[suffix] ?? 0);
  const format = power !== "" ? "DecimalExponent" : "DecimalSI";
  const scale = exponent - denominator.length;
  const digitsOnly = numerator + denominator;
  const value = BigInt(digitsOnly);
  const keepsText = scale % 3 === 0 && !digitsOnly.endsWith("000") && !digitsOnly.startsWith("0");
  if (MOST_INT64_DIGITS - numerator.length - denominator.length >= 0 && scale >= -NANO)
    return { small: { value: negate(value), scale }, format, keepsText };
  const rounded = roundedToNano({ unscaled: value, scale: -scale });
  return { large: { ...rounded, unscaled: negate(rounded.unscaled) }, format };
};

/** What is not zero is written in nanos, rounded up. */
const roundedToNano = ({ unscaled, scale }: { readonly unscaled: bigint; readonly scale: number }): { unscaled: bigint; scale: number } => {
  if (unscaled === 0n) return { unscaled, scale };
  if (scale <= NANO) return { unscaled: unscaled * 10n ** BigInt(NANO - scale), scale: NANO };
  const divisor = 10n ** BigInt(scale - NANO);
  return { unscaled: (unscaled + divisor - 1n) / divisor, scale: NANO };
};

const dumpDec = ({ unscaled, scale }: { readonly unscaled: bigint; readonly scale: number }): string => {
  const words: bigint[] = [];
  for (let rest = unscaled < 0n ? -unscaled : unscaled; rest > 0n; rest >>= 64n) words.push(rest & 0xffff_ffff_ffff_ffffn);
  return `{unscaled:(big.Int){neg:(bool)${unscaled < 0n} abs:(big.nat)${words.length === 0 ? "<nil>" : `[${words.join(" ")}]`}} scale:(inf.Scale)${scale}}`;
};
