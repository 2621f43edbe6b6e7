import type { PodDisruptionBudget } from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { addConditionErrors } from "../../../../apimachinery/validation/conditions.ts";
import { invalidValue, notSupported, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { nameIsPathSegment } from "../../../../apimachinery/validation/names.ts";
import { addIntOrPercentErrors, addMoreThanAllErrors } from "../../apps/int-or-percent.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";

const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];

/** ValidatePodDisruptionBudget. Its name is only asked to fit into a path. */
const validate = ({ spec }: PodDisruptionBudget, allowInvalidValues = false): FieldError[] => {
  const errors: FieldError[] = [];
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec ?? {};
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.push(invalidValue("spec", spec, "minAvailable and maxUnavailable cannot be both set"));
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue;
    addIntOrPercentErrors(errors, value, `spec.${field}`);
    addMoreThanAllErrors(errors, value, `spec.${field}`);
  }
  if (selector) errors.push(...validateLabelSelector(selector, "spec.selector", { allowInvalidValues }));
  if (policy !== undefined && !evictionPolicies.includes(policy))
    errors.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, evictionPolicies));
  return errors;
};

/** ValidatePodDisruptionBudgetStatusUpdate. */
const validateStatusUpdate = ({ status }: PodDisruptionBudget): FieldError[] => {
  const errors: FieldError[] = [];
  addConditionErrors(errors, status?.conditions, "status.conditions");
  for (const field of ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const)
    addNonnegative(errors, `status.${field}`, status?.[field]);
  return errors;
};

export const podDisruptionBudgetStrategy = defineStrategy<PodDisruptionBudget>({
  group: "policy",
  resource: "poddisruptionbudgets",
  validateName: nameIsPathSegment,
  prepareForCreate: (draft) => {
    draft.status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
    setFirstGeneration(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    setNextGeneration(draft, previous);
  },
  validate: (budget) => validate(budget),
  validateUpdate: (next, previous) => {
    const old = previous.spec?.selector;
    return validate(next, old !== undefined && validateLabelSelector(old, "").length > 0);
  },
  resetFields: ["status"],
  subresources: { status: statusStrategy(validateStatusUpdate) },
});
