import type { ResourceRequirements } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import {
  duplicate,
  forbiddenField,
  GoText,
  invalidValue,
  missing,
  notSupported,
  required,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, entryOf } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, isQualifiedName } from "../../../../apimachinery/validation/names.ts";
import type { PodRules } from "./options.ts";
import { addResourceAmountErrors } from "./quantities.ts";
import * as names from "./resource-names.ts";

type Amounts = Readonly<Record<string, unknown>>;
type AddNameErrors = (errors: FieldError[], name: string, path: string) => void;

/** Names of resources show bare in messages: upstream's type has a String() of its own. */
const shownName = (name: string): GoText => new GoText(name);

/** validateResourceName. */
export const addResourceNameErrors = (errors: FieldError[], name: string, path: string): boolean => {
  const sentences = isQualifiedName(name);
  addInvalid(errors, path, shownName(name), sentences);
  if (sentences.length > 0) return false;
  if (name.includes("/") || names.isStandardResource(name)) return true;
  errors.push(invalidValue(path, shownName(name), "must be a standard resource type or fully qualified"));
  return false;
};

/** validateContainerResourceName. */
export const addContainerResourceNameErrors: AddNameErrors = (errors, name, path) => {
  if (name === "cpu" || name === "memory") return;
  addResourceNameErrors(errors, name, path);
  if (!name.includes("/")) {
    if (!names.isStandardContainerResource(name))
      errors.push(invalidValue(path, shownName(name), "must be a standard resource for containers"));
  } else if (!names.isNative(name) && !names.isExtended(name))
    errors.push(invalidValue(path, shownName(name), "doesn't follow extended resource name standard"));
};

const podLevelResources = ["cpu", "memory"];

/** validatePodResourceName: what may be asked for the pod as a whole. */
const addPodResourceNameErrors: AddNameErrors = (errors, name, path) => {
  if (addResourceNameErrors(errors, name, path) && !podLevelResources.includes(name) && !names.isHugePages(name))
    errors.push(notSupported(path, shownName(name), podLevelResources));
};

/** ValidateContainerResourceRequirements. `claims` are the names that the pod declares. */
export const addContainerResourcesErrors = (
  errors: FieldError[],
  resources: ResourceRequirements,
  claims: ReadonlySet<string> | undefined,
  path: string,
  rules: PodRules,
): void => addRequirementsErrors(errors, resources, addContainerResourceNameErrors, claims, path, rules);

/** validatePodResourceRequirements. */
export const addPodResourcesErrors = (
  errors: FieldError[],
  resources: ResourceRequirements,
  claims: ReadonlySet<string> | undefined,
  path: string,
  rules: PodRules,
): void => {
  if (resources.claims) errors.push(forbiddenField(`${path}.claims`, "claims cannot be set for Resources at pod-level"));
  addRequirementsErrors(errors, resources, addPodResourceNameErrors, claims, path, rules);
};

const addRequirementsErrors = (
  errors: FieldError[],
  { limits, requests, claims: used }: ResourceRequirements,
  addNameErrors: AddNameErrors,
  claims: ReadonlySet<string> | undefined,
  path: string,
  rules: PodRules,
): void => {
  const amountErrors = (name: string, amount: unknown, field: string): void => {
    addNameErrors(errors, name, field);
    addResourceAmountErrors(errors, name, amount, field);
  };
  const hugePagesErrors = (name: string, amount: unknown, field: string): void => {
    if (!names.isHugePages(name) || rules.allowIndivisibleHugePages || names.isDivisibleHugePages(name, amount)) return;
    const text = quantityOf(amount).toString();
    errors.push(invalidValue(field, text, `${text} is not positive integer multiple of ${name}`));
  };
  for (const name in limits) {
    const field = `${path}.limits[${name}]`;
    amountErrors(name, limits[name], field);
    hugePagesErrors(name, limits[name], field);
  }
  for (const name in requests) {
    const field = `${path}.requests[${name}]`;
    amountErrors(name, requests[name], field);
    addRequestErrors(errors, name, requests[name], limits, path);
    hugePagesErrors(name, requests[name], field);
  }
  if (hasHugePagesOnly(limits, requests)) errors.push(forbiddenField(path, "HugePages require cpu or memory"));
  if (used) addClaimErrors(errors, used, claims, `${path}.claims`);
};

const addRequestErrors = (errors: FieldError[], name: string, amount: unknown, limits: Amounts | undefined, path: string): void => {
  const limit = entryOf(limits, name);
  if (limit === undefined) {
    if (!names.isOvercommitAllowed(name)) errors.push(required(`${path}.limits`, "Limit must be set for non overcommitable resources"));
    return;
  }
  if (limit === amount) return;
  const [request, most] = [quantityOf(amount), quantityOf(limit)];
  const difference = request.compare(most);
  if (difference !== 0 && !names.isOvercommitAllowed(name))
    errors.push(invalidValue(`${path}.requests`, request.toString(), `must be equal to ${name} limit of ${most.toString()}`));
  else if (difference > 0)
    errors.push(invalidValue(`${path}.requests`, request.toString(), `must be less than or equal to ${name} limit of ${most.toString()}`));
};

const hasHugePagesOnly = (...lists: readonly (Amounts | undefined)[]): boolean => {
  let hasHugePages = false;
  for (const list of lists)
    for (const name in list) {
      if (name === "cpu" || name === "memory") return false;
      hasHugePages ||= names.isHugePages(name);
    }
  return hasHugePages;
};

/** validateResourceClaimNames: each claim, or request of one, once; and the pod must declare it. */
const addClaimErrors = (
  errors: FieldError[],
  used: readonly { readonly name: string; readonly request?: string }[],
  declared: ReadonlySet<string> | undefined,
  path: string,
): void => {
  const seen = new Set<string>();
  for (const [at, { name, request }] of used.entries()) {
    const field = `${path}[${at}]`;
    if (!name) {
      errors.push(required(field));
      continue;
    }
    if (seen.has(name)) errors.push(duplicate(field, name));
    else {
      const key = request ? `${name}/${request}` : name;
      if (request) addInvalid(errors, `${field}.request`, request, isDNS1123Label(request));
      if (seen.has(key)) errors.push(duplicate(field, key));
      else if (!request) for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(field, name));
      seen.add(key);
    }
    if (declared?.has(name)) continue;
    const which = declared?.size ? `: ${[...declared].sort().join(", ")}` : " which is empty";
    errors.push({ ...missing(field, name), detail: `must be one of the names in pod.spec.resourceClaims${which}` });
  }
};
