import type { HorizontalPodAutoscaler, HPAScalingRules } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative, isNotPositiveSentence } from "../../../../apimachinery/validation/fields.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy, type StrategyContext } from "../../strategy.ts";
import { setAutoscalerDefaults } from "./defaults.ts";
import { addMetricErrors, addReferenceErrors } from "./metrics.ts";

const mostWindowSeconds = 3600;
const mostPeriodSeconds = 1800;
const selections = ["Disabled", "Max", "Min"];
const policyTypes = ["Percent", "Pods"];

/** validateHorizontalPodAutoscalerSpec. */
const validateSpec = ({ spec }: HorizontalPodAutoscaler, fewest: 0 | 1): FieldError[] => {
  const errors: FieldError[] = [];
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec ?? {};
  if (minReplicas !== undefined && minReplicas < fewest)
    errors.push(invalidValue("spec.minReplicas", minReplicas, `must be greater than or equal to ${fewest}`));
  if (maxReplicas < 1) errors.push(invalidValue("spec.maxReplicas", maxReplicas, "must be greater than 0"));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalidValue("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  addReferenceErrors(errors, scaleTargetRef, "spec.scaleTargetRef");
  addMetricErrors(errors, metrics, minReplicas);
  if (behavior?.scaleUp) addRulesErrors(errors, behavior.scaleUp, "spec.behavior.scaleUp");
  if (behavior?.scaleDown) addRulesErrors(errors, behavior.scaleDown, "spec.behavior.scaleDown");
  return errors;
};

/** validateScalingRules. */
const addRulesErrors = (
  errors: FieldError[],
  { stabilizationWindowSeconds: seconds = 0, selectPolicy, policies = [], tolerance }: HPAScalingRules,
  path: string,
): void => {
  const window = `${path}.stabilizationWindowSeconds`;
  if (seconds < 0) errors.push(invalidValue(window, seconds, "must be greater than or equal to zero"));
  if (seconds > mostWindowSeconds) errors.push(invalidValue(window, seconds, `must be less than or equal to ${mostWindowSeconds}`));
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, selections));
  if (policies.length === 0) errors.push(required(`${path}.policies`, "must specify at least one Policy"));
  for (const [at, { type = "", value = 0, periodSeconds = 0 }] of policies.entries()) {
    const field = `${path}.policies[${at}]`;
    if (!policyTypes.includes(type)) errors.push(notSupported(`${field}.type`, type, policyTypes));
    if (value <= 0) errors.push(invalidValue(`${field}.value`, value, isNotPositiveSentence));
    if (periodSeconds <= 0) errors.push(invalidValue(`${field}.periodSeconds`, periodSeconds, isNotPositiveSentence));
    if (periodSeconds > mostPeriodSeconds)
      errors.push(invalidValue(`${field}.periodSeconds`, periodSeconds, `must be less than or equal to ${mostPeriodSeconds}`));
  }
  if (tolerance !== undefined && quantityOf(tolerance).sign() < 0)
    errors.push(invalidValue(`${path}.tolerance`, tolerance, "must be greater than or equal to 0"));
};

const validateStatusUpdate = (next: HorizontalPodAutoscaler, previous: HorizontalPodAutoscaler): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  addNonnegative(errors, "status.currentReplicas", next.status?.currentReplicas);
  addNonnegative(errors, "status.desiredReplicas", next.status?.desiredReplicas);
  return errors;
};

const fewestReplicas = ({ enabled }: StrategyContext, previous?: HorizontalPodAutoscaler): 0 | 1 =>
  enabled("HPAScaleToZero") || previous?.spec?.minReplicas === 0 ? 0 : 1;

export const horizontalPodAutoscalerStrategy = defineStrategy<HorizontalPodAutoscaler>({
  group: "autoscaling",
  resource: "horizontalpodautoscalers",
  setDefaults: setAutoscalerDefaults,
  prepareForCreate: (draft, { enabled }) => {
    draft.status = { desiredReplicas: 0 };
    if (enabled("HPAConfigurableTolerance")) return;
    for (const direction of ["scaleUp", "scaleDown"] as const) delete draft.spec?.behavior?.[direction]?.tolerance;
  },
  prepareForUpdate: keepStatus,
  validate: (autoscaler, context) => validateSpec(autoscaler, fewestReplicas(context)),
  validateUpdate: (next, previous, context) => [
    ...metadataUpdateErrors(next, previous),
    ...validateSpec(next, fewestReplicas(context, previous)),
  ],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy(validateStatusUpdate) },
});
