import { canonicalText } from "./canonical.ts";

/** How a quantity is written: `1Mi`, `1M` or `1e6`. */
export type QuantityFormat = "BinarySI" | "DecimalSI" | "DecimalExponent";

/** Powers of ten far beyond any int64, at which numbers are told apart by their length alone. */
const farApart = 64;

const digitsOf = (value: bigint): number => String(value < 0n ? -value : value).length;

/** An exact amount of something: `unscaled × 10^scale` (resource.Quantity). Immutable. */
export class Quantity {
  static readonly zero = new Quantity(0n, 0, "DecimalSI", "0");

  readonly unscaled: bigint;
  /** Power of ten. */
  readonly scale: number;
  readonly format: QuantityFormat;
  #text: string | undefined;
  #value: number | undefined;
  #milliValue: number | undefined;

  constructor(unscaled: bigint, scale: number, format: QuantityFormat, text?: string) {
    this.unscaled = unscaled;
    this.scale = scale;
    this.format = format;
    this.#text = text;
  }

  /** So many whole units. */
  static of(value: number | bigint, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(BigInt(value), 0, format);
  }

  /** So many thousandths. */
  static ofMilli(value: number | bigint, format: QuantityFormat = "DecimalSI"): Quantity {
    return new Quantity(BigInt(value), -3, format);
  }

  /** In units of 10^scale, rounded away from zero. */
  scaled(scale: number): bigint {
    const shift = this.scale - scale;
    if (shift >= 0) return this.unscaled * 10n ** BigInt(Math.min(shift, 1000));
    if (-shift > farApart + digitsOf(this.unscaled)) return BigInt(this.sign());
    const divisor = 10n ** BigInt(-shift);
    const quotient = this.unscaled / divisor;
    return quotient * divisor === this.unscaled ? quotient : quotient + BigInt(this.sign());
  }

  /** Whole units, rounded away from zero. */
  value(): number {
    return (this.#value ??= Number(this.scaled(0)));
  }

  /** Thousandths, rounded away from zero. */
  milliValue(): number {
    return (this.#milliValue ??= Number(this.scaled(-3)));
  }

  /** As a floating-point number, which may lose precision. */
  approximate(): number {
    return Number(this.unscaled) * 10 ** this.scale;
  }

  /** Whether it is a whole number that fits in 64 bits. */
  isInteger(): boolean {
    const whole = this.scaled(0);
    return BigInt.asIntN(64, whole) === whole && this.compare(Quantity.of(whole)) === 0;
  }

  isZero(): boolean {
    return this.unscaled === 0n;
  }

  sign(): -1 | 0 | 1 {
    return this.unscaled === 0n ? 0 : this.unscaled < 0n ? -1 : 1;
  }

  /** Negative, zero or positive, as this is less than, equal to or greater than the other. */
  compare(other: Quantity): number {
    if (this.scale === other.scale) return this.unscaled < other.unscaled ? -1 : this.unscaled > other.unscaled ? 1 : 0;
    const sign = this.sign();
    if (sign !== other.sign()) return sign - other.sign();
    if (sign === 0) return 0;
    if (Math.abs(this.scale - other.scale) > farApart) {
      const difference = digitsOf(this.unscaled) + this.scale - digitsOf(other.unscaled) - other.scale;
      if (difference !== 0) return Math.sign(difference) * sign;
    }
    const scale = Math.min(this.scale, other.scale);
    const [mine, others] = [this.unscaled * 10n ** BigInt(this.scale - scale), other.unscaled * 10n ** BigInt(other.scale - scale)];
    return mine < others ? -1 : mine > others ? 1 : 0;
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  /** The sum, written as this one is; zero takes the other's format. */
  add(other: Quantity): Quantity {
    const format = this.isZero() ? other.format : this.format;
    if (other.isZero()) return new Quantity(this.unscaled, this.scale, format);
    if (this.isZero()) return new Quantity(other.unscaled, other.scale, format);
    const scale = Math.min(this.scale, other.scale);
    const raised = (quantity: Quantity): bigint => quantity.unscaled * 10n ** BigInt(Math.min(quantity.scale - scale, 10_000));
    return new Quantity(raised(this) + raised(other), scale, format);
  }

  /** The difference, written as this one is; zero takes the other's format. */
  subtract(other: Quantity): Quantity {
    return this.add(other.negated());
  }

  negated(): Quantity {
    return new Quantity(-this.unscaled, this.scale, this.format);
  }

  times(factor: bigint | number): Quantity {
    return new Quantity(this.unscaled * BigInt(factor), this.scale, this.format);
  }

  /** Rounded away from zero to a multiple of 10^scale: -3 is the finest that pods may ask for. */
  roundedUp(scale: number): Quantity {
    return this.scale >= scale ? this : new Quantity(this.scaled(scale), scale, this.format);
  }

  /** The canonical text: no fraction, the largest suffix that loses nothing. */
  toString(): string {
    return (this.#text ??= canonicalText(this));
  }

  toJSON(): string {
    return this.toString();
  }
}
