import type {
  JobSpec,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from "../../../../api/types.ts";
import {
  duplicate,
  GoText,
  invalidValue,
  notSupported,
  omitted,
  quoted,
  required,
  tooMany,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];
const mostRules = 20;
const mostExitCodes = 255;
const mostConditions = 20;

const validValues = (values: readonly string[]): string => `valid values: [${values.map(quoted).join(" ")}]`;

/** validatePodFailurePolicy. */
export const addPodFailurePolicyErrors = (errors: FieldError[], spec: JobSpec, path: string): void => {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > mostRules) errors.push(tooMany(`${path}.rules`, rules.length, mostRules));
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name }) => name));
  for (const [at, rule] of rules.entries()) addRuleErrors(errors, rule, spec, names, `${path}.rules[${at}]`);
};

const addRuleErrors = (
  errors: FieldError[],
  rule: PodFailurePolicyRule,
  { backoffLimitPerIndex }: JobSpec,
  names: ReadonlySet<string>,
  path: string,
): void => {
  const { action, onExitCodes, onPodConditions = [] } = rule;
  if (!action) errors.push(required(`${path}.action`, validValues(actions)));
  else if (action === "FailIndex") {
    if (backoffLimitPerIndex === undefined)
      errors.push(invalidValue(`${path}.action`, action, "requires the backoffLimitPerIndex to be set"));
  } else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  if (onExitCodes) addExitCodeErrors(errors, onExitCodes, names, `${path}.onExitCodes`);
  addConditionErrors(errors, onPodConditions, `${path}.onPodConditions`);
  if (onExitCodes && onPodConditions.length > 0)
    errors.push(invalidValue(path, omitted, "specifying both OnExitCodes and OnPodConditions is not supported"));
  if (!onExitCodes && onPodConditions.length === 0)
    errors.push(invalidValue(path, omitted, "specifying one of OnExitCodes and OnPodConditions is required"));
};

const addConditionErrors = (errors: FieldError[], patterns: readonly PodFailurePolicyOnPodConditionsPattern[], path: string): void => {
  if (patterns.length > mostConditions) errors.push(tooMany(path, patterns.length, mostConditions));
  for (const [at, { type = "", status = "" }] of patterns.entries()) {
    addInvalid(errors, `${path}[${at}].type`, type, isQualifiedName(type));
    if (status === "") errors.push(required(`${path}[${at}].status`, validValues(statuses)));
    else if (!statuses.includes(status)) errors.push(notSupported(`${path}[${at}].status`, status, statuses));
  }
};

const addExitCodeErrors = (
  errors: FieldError[],
  { operator, containerName, values: given }: PodFailurePolicyOnExitCodesRequirement,
  names: ReadonlySet<string>,
  path: string,
): void => {
  const values = (given as readonly number[] | null) ?? [];
  if (!operator) errors.push(required(`${path}.operator`, validValues(operators)));
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  if (containerName !== undefined && !names.has(containerName))
    errors.push(
      invalidValue(`${path}.containerName`, containerName, "must be one of the container or initContainer names in the pod template"),
    );
  const shown = new GoText(values.length === 0 ? "[]int32(nil)" : `[]int32{${values.join(", ")}}`);
  if (values.length === 0) errors.push(invalidValue(`${path}.values`, shown, "at least one value is required"));
  else if (values.length > mostExitCodes) errors.push(tooMany(`${path}.values`, values.length, mostExitCodes));
  const seen = new Set<number>();
  for (const [at, value] of values.entries()) {
    if (operator === "In" && value === 0) errors.push(invalidValue(`${path}.values[${at}]`, value, "must not be 0 for the In operator"));
    if (seen.has(value)) errors.push(duplicate(`${path}.values[${at}]`, value));
    seen.add(value);
  }
  if (values.some((value, at) => at > 0 && values[at - 1]! > value)) errors.push(invalidValue(`${path}.values`, shown, "must be ordered"));
};
