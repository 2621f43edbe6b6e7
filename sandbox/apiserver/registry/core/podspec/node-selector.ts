import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, isValidLabelValue, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";

/** ValidateNodeSelector: terms that nodes must meet. */
export const addNodeSelectorErrors = (
  errors: FieldError[],
  { nodeSelectorTerms }: NodeSelector,
  path: string,
  allowInvalidValues: boolean,
): void => {
  if (!nodeSelectorTerms?.length) errors.push(required(`${path}.nodeSelectorTerms`, "must have at least one node selector term"));
  nodeSelectorTerms?.forEach((term, at) => {
    addNodeSelectorTermErrors(errors, term, `${path}.nodeSelectorTerms[${at}]`, allowInvalidValues);
  });
};

/** ValidateNodeSelectorTerm. */
export const addNodeSelectorTermErrors = (
  errors: FieldError[],
  { matchExpressions, matchFields }: NodeSelectorTerm,
  path: string,
  allowInvalidValues: boolean,
): void => {
  matchExpressions?.forEach((requirement, at) => {
    addExpressionErrors(errors, requirement, `${path}.matchExpressions[${at}]`, allowInvalidValues);
  });
  matchFields?.forEach((requirement, at) => {
    addFieldErrors(errors, requirement, `${path}.matchFields[${at}]`);
  });
};

const addExpressionErrors = (
  errors: FieldError[],
  { key = "", operator = "", values = [] }: NodeSelectorRequirement,
  path: string,
  allowInvalidValues: boolean,
): void => {
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0)
        errors.push(forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      break;
    default:
      errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  }
  addInvalid(errors, `${path}.key`, key, isQualifiedName(key));
  if (allowInvalidValues) return;
  for (const [at, value] of values.entries()) addInvalid(errors, `${path}.values[${at}]`, value, isValidLabelValue(value));
};

const addFieldErrors = (errors: FieldError[], { key = "", operator = "", values = [] }: NodeSelectorRequirement, path: string): void => {
  if (operator !== "In" && operator !== "NotIn") errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  else if (values.length !== 1)
    errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  if (key !== "metadata.name") errors.push(invalidValue(`${path}.key`, key, "not a valid field selector key"));
  else for (const [at, value] of values.entries()) addInvalid(errors, `${path}.values[${at}]`, value, nameIsDNSSubdomain(value, false));
};
