import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";

/** SetDefaults_ResourceList: nothing is counted finer than in thousandths. */
export const roundAmounts = (amounts: Record<string, unknown> | undefined): void => {
  for (const name in amounts) {
    const quantity = quantityOf(amounts[name]);
    const text = quantity.roundedUp(-3).toString();
    if (text !== amounts[name]) amounts[name] = text;
  }
};
