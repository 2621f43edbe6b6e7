import { GoText, invalidValue, quoted, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../apimachinery/validation/fields.ts";
import { isValidPercent } from "../../../apimachinery/validation/names.ts";

type IntOrString = number | string;

/** As Go dumps it. */
export const shownIntOrString = (value: IntOrString): GoText =>
  new GoText(
    typeof value === "number"
      ? `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`
      : `intstr.IntOrString{Type:1, IntVal:0, StrVal:${quoted(value)}}`,
  );

/** ValidatePositiveIntOrPercent. */
export const addIntOrPercentErrors = (errors: FieldError[], value: IntOrString, path: string): void => {
  if (typeof value === "number") addNonnegative(errors, path, value);
  else for (const sentence of isValidPercent(value)) errors.push(invalidValue(path, shownIntOrString(value), sentence));
};

/** IsNotMoreThan100Percent. */
export const addMoreThanAllErrors = (errors: FieldError[], value: IntOrString, path: string): void => {
  if (isPercent(value) && amountOf(value) > 100) errors.push(invalidValue(path, shownIntOrString(value), "must not be greater than 100%"));
};

const isPercent = (value: IntOrString): boolean => typeof value === "string" && isValidPercent(value).length === 0;

/** The number, or that of percents; a text that is neither is zero (getIntOrPercentValue). */
export const amountOf = (value: IntOrString): number => {
  if (typeof value === "number") return value;
  if (isPercent(value)) return Number(value.slice(0, -1));
  return /^[+-]?[0-9]+$/.test(value) ? Number(value) : 0;
};
