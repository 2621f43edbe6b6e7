import type { LimitRange, LimitRangeItem } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { Quantity } from "../../../../apimachinery/quantity/quantity.ts";
import { duplicate, forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, entryOf } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";
import { isOvercommitAllowed } from "../podspec/resource-names.ts";
import { addContainerResourceNameErrors, addResourceNameErrors } from "../podspec/resources.ts";

const standardTypes: ReadonlySet<string> = new Set(["Pod", "Container", "PersistentVolumeClaim"]);
const one = Quantity.of(1);

/** ValidateLimitRange, without the metadata. */
export const validateLimitRange = ({ spec }: LimitRange): FieldError[] => {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  for (const [at, limit] of (spec?.limits ?? []).entries()) {
    const path = `spec.limits[${at}]`;
    const { type = "" } = limit;
    const sentences = isQualifiedName(type);
    addInvalid(errors, `${path}.type`, type, sentences);
    if (sentences.length === 0 && !type.includes("/") && !standardTypes.has(type))
      errors.push(invalidValue(`${path}.type`, type, "must be a standard limit type or fully qualified"));
    if (types.has(type)) errors.push(duplicate(`${path}.type`, type));
    types.add(type);
    addItemErrors(errors, limit, path);
  }
  return errors;
};

const addItemErrors = (errors: FieldError[], limit: LimitRangeItem, path: string): void => {
  const ofContainers = limit.type === "Pod" || limit.type === "Container";
  const names = new Set<string>();
  const look = (list: "max" | "min" | "default" | "defaultRequest" | "maxLimitRequestRatio"): void => {
    for (const name of Object.keys(limit[list] ?? {})) {
      if (ofContainers) addContainerResourceNameErrors(errors, name, `${path}.${list}[${name}]`);
      else addResourceNameErrors(errors, name, `${path}.${list}[${name}]`);
      names.add(name);
    }
  };
  look("max");
  look("min");
  for (const list of ["default", "defaultRequest"] as const)
    if (limit.type !== "Pod") look(list);
    else if (limit[list] && Object.keys(limit[list]).length > 0)
      errors.push(forbiddenField(`${path}.${list}`, "may not be specified when `type` is 'Pod'"));
  if (limit.type === "PersistentVolumeClaim" && limit.min?.["storage"] === undefined && limit.max?.["storage"] === undefined)
    errors.push(required(`${path}.limits`, "either minimum or maximum storage value is required, but neither was provided"));
  look("maxLimitRequestRatio");
  for (const name of names) addAmountErrors(errors, limit, name, path);
};

const amountOf = (list: Readonly<Record<string, string>> | undefined, name: string): Quantity | undefined => {
  const amount = entryOf(list, name);
  return amount === undefined ? undefined : quantityOf(amount);
};

const isMore = (left: Quantity | undefined, right: Quantity | undefined): boolean =>
  left !== undefined && right !== undefined && left.compare(right) > 0;

const addAmountErrors = (errors: FieldError[], limit: LimitRangeItem, name: string, path: string): void => {
  const isPod = limit.type === "Pod";
  const [min, max, ratio] = [amountOf(limit.min, name), amountOf(limit.max, name), amountOf(limit.maxLimitRequestRatio, name)];
  const byDefault = isPod ? undefined : amountOf(limit.default, name);
  const request = isPod ? undefined : amountOf(limit.defaultRequest, name);
  const refuse = (list: string, shown: Quantity | undefined, words: string): void => {
    errors.push(invalidValue(`${path}.${list}[${name}]`, shown, words));
  };
  if (isMore(min, max)) refuse("min", min, `min value ${text(min)} is greater than max value ${text(max)}`);
  if (isMore(min, request))
    refuse("defaultRequest", request, `min value ${text(min)} is greater than default request value ${text(request)}`);
  if (isMore(request, max))
    refuse("defaultRequest", request, `default request value ${text(request)} is greater than max value ${text(max)}`);
  if (isMore(request, byDefault))
    refuse("defaultRequest", request, `default request value ${text(request)} is greater than default limit value ${text(byDefault)}`);
  if (isMore(min, byDefault)) refuse("default", min, `min value ${text(min)} is greater than default value ${text(byDefault)}`);
  if (isMore(byDefault, max)) refuse("default", max, `default value ${text(byDefault)} is greater than max value ${text(max)}`);
  if (ratio && ratio.compare(one) < 0) refuse("maxLimitRequestRatio", ratio, `ratio ${text(ratio)} is less than 1`);
  if (ratio && min && max) {
    const most = max.milliValue() / min.milliValue();
    if (ratio.milliValue() / 1000 > most)
      refuse("maxLimitRequestRatio", ratio, `ratio ${text(ratio)} is greater than max/min = ${most.toFixed(6)}`);
  }
  if (!isOvercommitAllowed(name) && byDefault && request && !byDefault.equals(request))
    refuse("defaultRequest", request, `default value ${text(byDefault)} must equal to defaultRequest value ${text(request)} in ${name}`);
};

const text = (amount: Quantity | undefined): string => amount?.toString() ?? "";
