import { invalid } from "../../apimachinery/errors/constructors.ts";
import type { OperationOptions } from "../../apimachinery/operation/operation.ts";
import { forbiddenField, notSupported, type FieldError } from "../../apimachinery/validation/field-error.ts";

const field = "resourceVersionMatch";
const matches = ["Exact", "NotOlderThan", ""];

/** What contradicts what in the options of a list or watch (ValidateListOptions). Throws Invalid. */
export const validateListOptions = (options: OperationOptions, isWatch: boolean): void => {
  const errors = isWatch ? watchErrors(options) : listErrors(options);
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "ListOptions" }, "", errors);
};

const listErrors = (options: OperationOptions): FieldError[] => {
  const errors: FieldError[] = [];
  const match: string = options.resourceVersionMatch ?? "";
  const version = options.resourceVersion ?? "";
  if (match !== "") {
    if (version === "") errors.push(forbiddenField(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
    if ((options.continue ?? "") !== "") errors.push(forbiddenField(field, "resourceVersionMatch is forbidden when continue is provided"));
    if (!matches.includes(match)) errors.push(notSupported(field, match, ["Exact", "NotOlderThan", ""]));
    if (match === "Exact" && version === "0")
      errors.push(forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (options.sendInitialEvents !== undefined) errors.push(forbiddenField("sendInitialEvents", "sendInitialEvents is forbidden for list"));
  return errors;
};

const watchErrors = (options: OperationOptions): FieldError[] => {
  const errors: FieldError[] = [];
  const match: string = options.resourceVersionMatch ?? "";
  if (options.sendInitialEvents !== undefined && match !== "NotOlderThan")
    errors.push(forbiddenField(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
  if (match !== "") {
    if (options.sendInitialEvents === undefined)
      errors.push(forbiddenField(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
    if (match !== "NotOlderThan") errors.push(notSupported(field, match, ["NotOlderThan"]));
    if ((options.continue ?? "") !== "") errors.push(forbiddenField(field, "resourceVersionMatch is forbidden when continue is provided"));
  }
  return errors;
};
