import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";

/** There is no such thing as a thousandth of a byte. */
export const fractionalBytesWarnings = (
  amounts: Readonly<Record<string, unknown>> | undefined,
  names: readonly string[],
  path: string,
): string[] => {
  const warnings: string[] = [];
  for (const name of names) {
    const amount = amounts?.[name];
    if (amount === undefined) continue;
    const quantity = quantityOf(amount);
    if (quantity.milliValue() % 1000 !== 0)
      warnings.push(`${path}[${name}]: fractional byte value ${JSON.stringify(quantity.toString())} is invalid, must be an integer`);
  }
  return warnings;
};
