import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { isNegativeSentence, isNotPositiveSentence } from "../../../../apimachinery/validation/fields.ts";
import { isInteger } from "./resource-names.ts";

/** ValidateResourceQuantityValue: not negative, and whole where the resource is counted. */
export const addResourceAmountErrors = (errors: FieldError[], resource: string, amount: unknown, path: string): void => {
  const quantity = quantityOf(amount);
  if (quantity.sign() < 0) errors.push(invalidValue(path, quantity.toString(), isNegativeSentence));
  if (isInteger(resource) && quantity.milliValue() % 1000 !== 0) errors.push(invalidValue(path, amount, "must be an integer"));
};

/** ValidatePositiveQuantityValue. */
export const addPositiveQuantity = (errors: FieldError[], path: string, amount: unknown): void => {
  const quantity = quantityOf(amount);
  if (quantity.sign() <= 0) errors.push(invalidValue(path, quantity.toString(), isNotPositiveSentence));
};

/** validateBasicResource. */
export const addBasicAmountErrors = (errors: FieldError[], path: string, amount: unknown): void => {
  const whole = quantityOf(amount).value();
  if (whole < 0) errors.push(invalidValue(path, whole, "must be a valid resource quantity"));
};
