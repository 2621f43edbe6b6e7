import type { DaemonSet, DaemonSetUpdateStrategy, RollingUpdateDaemonSet } from "../../../../api/types.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import type { PodRules } from "../../core/podspec/options.ts";
import { addPodTemplateErrors } from "../../core/podspec/template.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { addCollisionErrors, addCountErrors } from "../collisions.ts";
import { addIntOrPercentErrors, addMoreThanAllErrors, amountOf, shownIntOrString } from "../int-or-percent.ts";
import { addMismatchErrors, isEmptySelector, readableSelector } from "../selector.ts";
import { addRunningPodErrors, emptyTemplate } from "../template-rules.ts";

/** ValidateDaemonSetSpec. */
export const validateDaemonSetSpec = ({ spec }: DaemonSet, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  const allowInvalidValues = rules.allowInvalidLabelValueInSelector;
  if (spec?.selector) errors.push(...validateLabelSelector(spec.selector, "spec.selector", { allowInvalidValues }));
  const selector = readableSelector(spec?.selector);
  if (selector) addMismatchErrors(errors, selector, spec?.template);
  if (spec?.selector && isEmptySelector(spec.selector))
    errors.push(invalidValue("spec.selector", spec.selector, "empty selector is invalid for daemonset"));
  addPodTemplateErrors(errors, spec?.template ?? emptyTemplate, "spec.template", rules);
  addRunningPodErrors(errors, spec?.template, "DaemonSet");
  addNonnegative(errors, "spec.minReadySeconds", spec?.minReadySeconds);
  addUpdateStrategyErrors(errors, spec?.updateStrategy ?? {});
  addNonnegative(errors, "spec.revisionHistoryLimit", spec?.revisionHistoryLimit);
  return errors;
};

const addUpdateStrategyErrors = (errors: FieldError[], strategy: DaemonSetUpdateStrategy): void => {
  const { type, rollingUpdate } = strategy;
  if (type === "OnDelete") return;
  if (type !== "RollingUpdate") errors.push(notSupported("spec.updateStrategy", strategy, ["RollingUpdate", "OnDelete"]));
  else if (!rollingUpdate) errors.push(required("spec.updateStrategy.rollingUpdate"));
  else addRollingUpdateErrors(errors, rollingUpdate, "spec.updateStrategy.rollingUpdate");
};

/** ValidateRollingUpdateDaemonSet: either old pods go first, or new ones come first. */
const addRollingUpdateErrors = (errors: FieldError[], { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet, path: string): void => {
  const both = [
    [maxUnavailable, `${path}.maxUnavailable`],
    [maxSurge, `${path}.maxSurge`],
  ] as const;
  for (const [value, field] of both) addIntOrPercentErrors(errors, value, field);
  for (const [value, field] of both) addMoreThanAllErrors(errors, value, field);
  const [goes, comes] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
  if (goes && comes)
    errors.push(invalidValue(`${path}.maxSurge`, shownIntOrString(maxSurge), "may not be set when maxUnavailable is non-zero"));
  if (!goes && !comes) errors.push(required(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
};

/** ValidateDaemonSetStatusUpdate. */
export const validateDaemonSetStatusUpdate = (next: DaemonSet, previous: DaemonSet): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const scheduled = ["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration"];
  addCountErrors(errors, next.status, ...scheduled, "updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount");
  addCollisionErrors(errors, next.status, previous.status);
  return errors;
};
