import type { JobSpec, SuccessPolicyRule } from "../../../../api/types.ts";
import {
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isDomainPrefixedPath } from "../../../../apimachinery/validation/names.ts";
import { emptyTemplate } from "../../apps/template-rules.ts";
import type { PodRules } from "../../core/podspec/options.ts";
import { addPodTemplateErrors } from "../../core/podspec/template.ts";
import { parseIndexes } from "./indexes.ts";
import { addPodFailurePolicyErrors } from "./pod-failure-policy.ts";

/** What completion indexes can be recorded for. */
const mostIndexes = 100_000;
/** Where there are more completions than that, less may go on and fail at a time. */
const mostAtManyCompletions = 10_000;
const mostSuccessRules = 20;
const longestIndexes = 64 * 1024;
const longestManagedBy = 63;

/** validateJobSpec: of Jobs, and of those that CronJobs make. */
export const addJobSpecErrors = (errors: FieldError[], spec: JobSpec, path: string, rules: PodRules): void => {
  const { maxFailedIndexes, backoffLimitPerIndex, managedBy } = spec;
  for (const field of [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
  ] as const)
    addNonnegative(errors, `${path}.${field}`, spec[field]);
  if (maxFailedIndexes !== undefined) {
    addNonnegative(errors, `${path}.maxFailedIndexes`, maxFailedIndexes);
    if (backoffLimitPerIndex === undefined) errors.push(required(`${path}.backoffLimitPerIndex`, "when maxFailedIndexes is specified"));
  }
  if (managedBy !== undefined) {
    for (const { value, sentence } of isDomainPrefixedPath(managedBy))
      errors.push(managedByError(`${path}.managedBy`, managedBy, value, sentence));
    if (bytesOf(managedBy) > longestManagedBy) errors.push(tooLong(`${path}.managedBy`, longestManagedBy));
  }
  addCompletionModeErrors(errors, spec, path);
  if (spec.podFailurePolicy) addPodFailurePolicyErrors(errors, spec, `${path}.podFailurePolicy`);
  if (spec.successPolicy) addSuccessPolicyErrors(errors, spec, `${path}.successPolicy`);
  addReplacementErrors(errors, spec, `${path}.podReplacementPolicy`);
  addPodTemplateErrors(errors, spec.template ?? emptyTemplate, `${path}.template`, rules);
  addRestartPolicyErrors(errors, spec, `${path}.template.spec.restartPolicy`);
};

const managedByError = (path: string, managedBy: string, value: string, sentence: string): FieldError =>
  managedBy === "" ? required(path) : invalidValue(path, value, sentence);

const addCompletionModeErrors = (errors: FieldError[], spec: JobSpec, path: string): void => {
  const { completionMode: mode, completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (mode !== undefined && mode !== "NonIndexed" && mode !== "Indexed")
    errors.push(notSupported(`${path}.completionMode`, mode, ["NonIndexed", "Indexed"]));
  if (mode === undefined || mode === "NonIndexed") {
    for (const field of ["backoffLimitPerIndex", "maxFailedIndexes"] as const)
      if (spec[field] !== undefined) errors.push(invalidValue(`${path}.${field}`, spec[field], "requires indexed completion mode"));
    return;
  }
  if (mode !== "Indexed") return;
  const failed = maxFailedIndexes ?? 0;
  if (completions === undefined) errors.push(required(`${path}.completions`, "when completion mode is Indexed"));
  if (parallelism > mostIndexes)
    errors.push(
      invalidValue(`${path}.parallelism`, parallelism, `must be less than or equal to ${mostIndexes} when completion mode is Indexed`),
    );
  if (completions !== undefined && failed > completions)
    errors.push(invalidValue(`${path}.maxFailedIndexes`, failed, "must be less than or equal to completions"));
  if (failed > mostIndexes) errors.push(invalidValue(`${path}.maxFailedIndexes`, failed, `must be less than or equal to ${mostIndexes}`));
  if (completions === undefined || completions <= mostIndexes || backoffLimitPerIndex === undefined) return;
  const words = `must be less than or equal to ${mostAtManyCompletions} when completions are above ${mostIndexes} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined)
    errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${mostIndexes}`));
  if (parallelism > mostAtManyCompletions) errors.push(invalidValue(`${path}.parallelism`, parallelism, words));
  if (failed > mostAtManyCompletions) errors.push(invalidValue(`${path}.maxFailedIndexes`, failed, words));
};

const addSuccessPolicyErrors = (errors: FieldError[], spec: JobSpec, path: string): void => {
  const rules = spec.successPolicy?.rules ?? [];
  if (spec.completionMode !== "Indexed") {
    errors.push(invalidValue(path, spec.successPolicy, "requires indexed completion mode"));
    return;
  }
  if (rules.length === 0)
    errors.push(required(`${path}.rules`, "at least one rules must be specified when the successPolicy is specified"));
  if (rules.length > mostSuccessRules) errors.push(tooMany(`${path}.rules`, rules.length, mostSuccessRules));
  for (const [at, rule] of rules.entries()) addSuccessRuleErrors(errors, rule, spec.completions ?? 0, `${path}.rules[${at}]`);
};

const addSuccessRuleErrors = (
  errors: FieldError[],
  { succeededCount, succeededIndexes }: SuccessPolicyRule,
  completions: number,
  path: string,
): void => {
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(required(path, "at least one of succeededCount or succeededIndexes must be specified"));
  let total = 0;
  if (succeededIndexes !== undefined) {
    if (bytesOf(succeededIndexes) > longestIndexes) errors.push(tooLong(`${path}.succeededIndexes`, longestIndexes));
    const indexes = parseIndexes(succeededIndexes, completions);
    if ("problem" in indexes)
      errors.push(invalidValue(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${indexes.problem}`));
    else total = indexes.total;
  }
  if (succeededCount === undefined) return;
  const field = `${path}.succeededCount`;
  addNonnegative(errors, field, succeededCount);
  if (succeededCount > completions)
    errors.push(invalidValue(field, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`));
  if (succeededIndexes !== undefined && succeededCount > total)
    errors.push(
      invalidValue(
        field,
        succeededCount,
        `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`,
      ),
    );
};

const addReplacementErrors = (errors: FieldError[], { podReplacementPolicy: policy, podFailurePolicy }: JobSpec, path: string): void => {
  const allowed = podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  if (policy !== undefined && !allowed.includes(policy)) errors.push(notSupported(path, policy, allowed));
};

/** Pods of a Job come to an end. */
const addRestartPolicyErrors = (errors: FieldError[], { template, podFailurePolicy }: JobSpec, path: string): void => {
  const policy = template?.spec?.restartPolicy ?? "";
  if (policy === "" || policy === "Always") errors.push(required(path, 'valid values: "OnFailure", "Never"'));
  else if (policy !== "OnFailure" && policy !== "Never") errors.push(notSupported(path, policy, ["OnFailure", "Never"]));
  else if (podFailurePolicy && policy !== "Never")
    errors.push(invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified'));
};
