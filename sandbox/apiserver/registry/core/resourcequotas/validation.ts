import type { ResourceQuotaSpec, ScopedResourceSelectorRequirement } from "../../../../api/types.ts";
import { GoText, goStrings, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addResourceAmountErrors } from "../podspec/quantities.ts";
import { isStandardQuotaResource } from "../podspec/resource-names.ts";
import { addResourceNameErrors } from "../podspec/resources.ts";

const compute: ReadonlySet<string> = new Set(["cpu", "memory", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"]);
const scopes: ReadonlySet<string> = new Set([
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "CrossNamespacePodAffinity",
]);
const exclusive = [
  ["BestEffort", "NotBestEffort"],
  ["Terminating", "NotTerminating"],
] as const;

/** Whether pods of a scope can be counted by the resource (IsResourceQuotaScopeValidForResource). */
const isValidFor = (scope: string, resource: string): boolean =>
  resource === "pods" || (scope !== "BestEffort" && scopes.has(scope) && compute.has(resource)) || !scopes.has(scope);

/** Names and amounts that a quota may hold. */
export const addQuotaAmountErrors = (errors: FieldError[], amounts: Readonly<Record<string, string>> | undefined, path: string): void => {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    const field = `${path}[${name}]`;
    addResourceNameErrors(errors, name, field);
    if (!name.includes("/") && !isStandardQuotaResource(name))
      errors.push(invalidValue(field, new GoText(name), "must be a standard resource for quota"));
    addResourceAmountErrors(errors, name, amount, field);
  }
};

/** ValidateResourceQuotaSpec. */
export const validateQuotaSpec = (spec: ResourceQuotaSpec): FieldError[] => {
  const errors: FieldError[] = [];
  addQuotaAmountErrors(errors, spec.hard, "spec.hard");
  const resources = Object.keys(spec.hard ?? {})
    .filter(isStandardQuotaResource)
    .sort();
  const asked = spec.scopes ?? [];
  for (const scope of asked) {
    if (!scopes.has(scope)) errors.push(invalidValue("spec.scopes", goStrings(asked), "unsupported scope"));
    for (const resource of resources)
      if (!isValidFor(scope, resource)) errors.push(invalidValue("spec.scopes", goStrings(asked), "unsupported scope applied to resource"));
  }
  addConflicts(errors, asked, asked, "spec.scopes");
  if (spec.scopeSelector) addSelectorErrors(errors, spec, resources);
  return errors;
};

const addConflicts = (errors: FieldError[], used: readonly string[], shown: readonly string[], path: string): void => {
  for (const [left, right] of exclusive)
    if (used.includes(left) && used.includes(right)) errors.push(invalidValue(path, goStrings(shown), "conflicting scopes"));
};

/** Told at the list: upstream's oddity. */
const addSelectorErrors = (errors: FieldError[], spec: ResourceQuotaSpec, resources: readonly string[]): void => {
  const path = "spec.scopeSelector.matchExpressions";
  const requirements = spec.scopeSelector?.matchExpressions ?? [];
  for (const requirement of requirements) {
    const { scopeName = "" } = requirement;
    if (!scopes.has(scopeName)) errors.push(invalidValue(`${path}.scopeName`, scopeName, "unsupported scope"));
    for (const resource of resources)
      if (!isValidFor(scopeName, resource)) errors.push(invalidValue(path, spec.scopeSelector, "unsupported scope applied to resource"));
    addOperatorErrors(errors, requirement, path);
  }
  addConflicts(
    errors,
    requirements.map(({ scopeName }) => scopeName),
    spec.scopes ?? [],
    path,
  );
};

const addOperatorErrors = (
  errors: FieldError[],
  { scopeName = "", operator = "", values = [] }: ScopedResourceSelectorRequirement,
  path: string,
): void => {
  if (scopes.has(scopeName) && scopeName !== "PriorityClass" && operator !== "Exists")
    errors.push(
      invalidValue(
        `${path}.operator`,
        operator,
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
      ),
    );
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0)
      errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
  } else if (operator !== "Exists" && operator !== "DoesNotExist")
    errors.push(invalidValue(`${path}.operator`, operator, "not a valid selector operator"));
  else if (values.length > 0)
    errors.push(
      invalidValue(`${path}.values`, goStrings(values), "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"),
    );
};
