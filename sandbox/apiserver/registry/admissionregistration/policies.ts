import type { MatchResources, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from "../../../api/types.ts";
import { validateLabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isCIdentifier, isDNS1123Subdomain, isQualifiedName } from "../../../apimachinery/validation/names.ts";
import { setFirstGeneration, setNextGeneration } from "../generic/generation.ts";
import { anyMetadataErrors, anyMetadataUpdateErrors } from "../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../generic/status.ts";
import { defineStrategy } from "../strategy.ts";
import { addOperationRuleErrors } from "./rules.ts";
import { addConditionErrors, addExpressionErrors } from "./webhooks.ts";
import type { Declared } from "../../admission/expressions/expressions.ts";
import { compiledVariables, type CompiledVariables } from "../../admission/expressions/lazy-variables.ts";

type Policy = ValidatingAdmissionPolicy;
type Binding = ValidatingAdmissionPolicyBinding;

const group = "admissionregistration.k8s.io";

const validatePolicy = ({ spec }: Policy): FieldError[] => {
  const errors: FieldError[] = [];
  const {
    failurePolicy,
    paramKind,
    matchConstraints,
    matchConditions = [],
    variables = [],
    validations = [],
    auditAnnotations = [],
  } = spec ?? {};
  if (failurePolicy !== undefined && !["Fail", "Ignore"].includes(failurePolicy))
    errors.push(notSupported("spec.failurePolicy", failurePolicy, ["Fail", "Ignore"]));
  if (paramKind) addParamKindErrors(errors, paramKind.apiVersion ?? "", paramKind.kind ?? "");
  if (!matchConstraints) errors.push(required("spec.matchConstraints"));
  else {
    addMatchErrors(errors, matchConstraints, "spec.matchConstraints");
    if ((matchConstraints.resourceRules ?? []).length === 0) errors.push(required("spec.matchConstraints.resourceRules"));
  }
  const hasParams = paramKind !== undefined;
  addConditionErrors(errors, matchConditions, "spec.matchConditions", hasParams);
  const types = addVariableErrors(errors, variables, hasParams);
  const declared: Declared = { hasParams, variables: types };
  const asking: Declared = { ...declared, hasAuthorizer: true };
  if (validations.length === 0 && auditAnnotations.length === 0) {
    const words = "validations or auditAnnotations must contain at least one item";
    errors.push(required("spec.validations", words), required("spec.auditAnnotations", words));
  }
  for (const [at, { expression = "", message, messageExpression, reason }] of validations.entries()) {
    const path = `spec.validations[${at}]`;
    if (expression.trim() === "") errors.push(required(`${path}.expression`, "expression is not specified"));
    else addExpressionErrors(errors, `${path}.expression`, expression, asking, "bool");
    if (messageExpression !== undefined && messageExpression.trim() === "")
      errors.push(invalidValue(`${path}.messageExpression`, messageExpression, "must be non-empty if specified"));
    else if (messageExpression !== undefined)
      addExpressionErrors(errors, `${path}.messageExpression`, messageExpression, declared, "string");
    if (message !== undefined && message !== "" && message.trim() === "")
      errors.push(invalidValue(`${path}.message`, message, "message must be non-empty if specified"));
    if (message?.trim().includes("\n")) errors.push(invalidValue(`${path}.message`, message, "message must not contain line breaks"));
    const reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${path}.reason`, reason, reasons));
  }
  const keys = new Set<string>();
  for (const [at, { key = "", valueExpression = "" }] of auditAnnotations.entries()) {
    const path = `spec.auditAnnotations[${at}]`;
    if (key.trim() === "") errors.push(required(`${path}.key`));
    else addInvalid(errors, `${path}.key`, key, isQualifiedName(key));
    if (valueExpression.trim() === "") errors.push(required(`${path}.valueExpression`, "valueExpression is not specified"));
    else addExpressionErrors(errors, `${path}.valueExpression`, valueExpression, asking, "string", "null");
    if (keys.has(key)) errors.push(duplicate(`${path}.key`, key));
    keys.add(key);
  }
  return errors;
};

const addParamKindErrors = (errors: FieldError[], apiVersion: string, kind: string): void => {
  if (apiVersion === "") errors.push(required("spec.paramKind.apiVersion"));
  else if (apiVersion.split("/").length > 2)
    errors.push(invalidValue("spec.paramKind.apiVersion", apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  if (kind === "") errors.push(required("spec.paramKind.kind"));
};

/** Answers the types of the variables: each may use those before it. */
const addVariableErrors = (
  errors: FieldError[],
  variables: readonly { readonly name?: string; readonly expression?: string }[],
  hasParams: boolean,
): CompiledVariables["types"] => {
  const { programs, types } = compiledVariables(variables, { hasParams, hasAuthorizer: true });
  for (const [at, { name = "", expression = "" }] of variables.entries()) {
    if (name === "" || name.trim() === "") errors.push(required(`spec.variables[${at}].name`, "name is not specified"));
    else {
      if (isCIdentifier(name).length > 0)
        errors.push(invalidValue(`spec.variables[${at}].name`, name, "name is not a valid CEL identifier"));
    }
    if (expression.trim() === "") errors.push(required(`spec.variables[${at}].expression`, "expression is not specified"));
    else {
      const error = programs.get(name)?.error;
      if (error !== undefined) errors.push(invalidValue(`spec.variables[${at}].expression`, expression, error));
    }
  }
  return types;
};

const addMatchErrors = (
  errors: FieldError[],
  { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [], matchPolicy }: MatchResources,
  path: string,
): void => {
  if (matchPolicy !== undefined && !["Equivalent", "Exact"].includes(matchPolicy))
    errors.push(notSupported(`${path}.matchPolicy`, matchPolicy, ["Equivalent", "Exact"]));
  if (!namespaceSelector) errors.push(required(`${path}.namespaceSelector`));
  else errors.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`));
  if (!objectSelector) errors.push(required(`${path}.objectSelector`));
  else errors.push(...validateLabelSelector(objectSelector, `${path}.labelSelector`));
  for (const [at, rule] of resourceRules.entries()) addOperationRuleErrors(errors, rule, `${path}.resourceRules[${at}]`);
  for (const [at, rule] of excludeResourceRules.entries()) addOperationRuleErrors(errors, rule, `${path}.excludeResourceRules[${at}]`);
};

const setMatchDefaults = (match: Draft<MatchResources>): void => {
  match.matchPolicy ??= "Equivalent";
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])]) rule.scope ??= "*";
};

export const validatingAdmissionPolicyStrategy = defineStrategy<Policy>({
  group,
  resource: "validatingadmissionpolicies",
  anyFinalizers: true,
  setDefaults: ({ spec }) => {
    if (!spec) return;
    spec.failurePolicy ??= "Fail";
    if (spec.matchConstraints) setMatchDefaults(spec.matchConstraints);
  },
  prepareForCreate: (draft) => {
    draft.status = {};
    setFirstGeneration(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    setNextGeneration(draft, previous);
  },
  validate: validatePolicy,
  validateUpdate: (next, previous) => [
    ...anyMetadataErrors(next, false),
    ...validatePolicy(next),
    ...anyMetadataUpdateErrors(next, previous),
  ],
  resetFields: ["status"],
  subresources: { status: statusStrategy<Policy>(anyMetadataUpdateErrors) },
});

const actions = ["Audit", "Deny", "Warn"];

const validateBinding = ({ spec }: Binding): FieldError[] => {
  const errors: FieldError[] = [];
  const { policyName = "", paramRef, matchResources, validationActions = [] } = spec ?? {};
  if (policyName === "") errors.push(required("spec.policyName"));
  else addInvalid(errors, "spec.policyName", policyName, isDNS1123Subdomain(policyName));
  if (paramRef) {
    const { name, selector, parameterNotFoundAction } = paramRef;
    if (name) {
      addInvalid(errors, "spec.paramRef.name", name, isDNS1123Subdomain(name));
      if (selector) errors.push(forbiddenField("spec.paramRef.name", "name and selector are mutually exclusive"));
    }
    if (selector) {
      errors.push(...validateLabelSelector(selector, "spec.paramRef.selector"));
      if (name) errors.push(forbiddenField("spec.paramRef.selector", "name and selector are mutually exclusive"));
    }
    if (!name && !selector) errors.push(required("spec.paramRef", "one of name or selector must be specified"));
    if (!parameterNotFoundAction) errors.push(required("spec.paramRef.parameterNotFoundAction"));
    else if (!["Deny", "Allow"].includes(parameterNotFoundAction))
      errors.push(notSupported("spec.paramRef.parameterNotFoundAction", parameterNotFoundAction, ["Deny", "Allow"]));
  }
  if (matchResources) addMatchErrors(errors, matchResources, "spec.matchResouces");
  if (validationActions.length === 0) errors.push(required("spec.validationActions", "at least one validation action is required"));
  const seen = new Set<string>();
  for (const [at, action] of validationActions.entries()) {
    if (!actions.includes(action)) errors.push(notSupported(`spec.validationActions[${at}]`, action, actions));
    if (seen.has(action)) errors.push(duplicate(`spec.validationActions[${at}]`, action));
    seen.add(action);
  }
  if (seen.has("Deny") && seen.has("Warn"))
    errors.push(
      invalidValue(
        "spec.validationActions",
        validationActions,
        "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)",
      ),
    );
  return errors;
};

export const validatingAdmissionPolicyBindingStrategy = defineStrategy<Binding>({
  group,
  resource: "validatingadmissionpolicybindings",
  anyFinalizers: true,
  setDefaults: ({ spec }) => {
    if (spec?.matchResources) setMatchDefaults(spec.matchResources);
  },
  prepareForCreate: setFirstGeneration,
  prepareForUpdate: setNextGeneration,
  validate: validateBinding,
  validateUpdate: (next, previous) => [
    ...anyMetadataErrors(next, false),
    ...validateBinding(next),
    ...anyMetadataUpdateErrors(next, previous),
  ],
});
