import type { Deployment, DeploymentStrategy, RollingUpdateDeployment } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import type { PodRules } from "../../core/podspec/options.ts";
import { addPodTemplateErrors } from "../../core/podspec/template.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { addCollisionErrors, addCountErrors } from "../collisions.ts";
import { addIntOrPercentErrors, addMoreThanAllErrors, amountOf, shownIntOrString } from "../int-or-percent.ts";
import { addMismatchErrors, addSelectorErrors } from "../selector.ts";
import { addRunningPodErrors, emptyTemplate } from "../template-rules.ts";

/** ValidateDeploymentSpec. */
export const validateDeploymentSpec = ({ spec }: Deployment, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  addNonnegative(errors, "spec.replicas", spec?.replicas);
  const selector = addSelectorErrors(errors, spec?.selector, { emptyIsInvalidFor: "deployment", unreadable: "invalid label selector" });
  if (selector) {
    if (!selector.isEmpty()) addMismatchErrors(errors, selector, spec?.template);
    addPodTemplateErrors(errors, spec?.template ?? emptyTemplate, "spec.template", rules);
    addRunningPodErrors(errors, spec?.template, "ReplicaSet");
  }
  addStrategyErrors(errors, spec?.strategy ?? {});
  const { minReadySeconds = 0, revisionHistoryLimit, progressDeadlineSeconds: deadline } = spec ?? {};
  addNonnegative(errors, "spec.minReadySeconds", minReadySeconds);
  addNonnegative(errors, "spec.revisionHistoryLimit", revisionHistoryLimit);
  if (deadline === undefined) return errors;
  addNonnegative(errors, "spec.progressDeadlineSeconds", deadline);
  if (deadline <= minReadySeconds)
    errors.push(invalidValue("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds"));
  return errors;
};

/** ValidateDeploymentStrategy. */
const addStrategyErrors = (errors: FieldError[], strategy: DeploymentStrategy): void => {
  const path = "spec.strategy.rollingUpdate";
  const { type, rollingUpdate } = strategy;
  if (type === "Recreate") {
    if (rollingUpdate) errors.push(forbiddenField(path, "may not be specified when strategy `type` is 'Recreate'"));
  } else if (type !== "RollingUpdate") errors.push(notSupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"]));
  else if (!rollingUpdate) errors.push(required(path, "this should be defaulted and never be nil"));
  else addRollingUpdateErrors(errors, rollingUpdate, path);
};

const addRollingUpdateErrors = (
  errors: FieldError[],
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment,
  path: string,
): void => {
  addIntOrPercentErrors(errors, maxUnavailable, `${path}.maxUnavailable`);
  addIntOrPercentErrors(errors, maxSurge, `${path}.maxSurge`);
  if (amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0)
    errors.push(invalidValue(`${path}.maxUnavailable`, shownIntOrString(maxUnavailable), "may not be 0 when `maxSurge` is 0"));
  addMoreThanAllErrors(errors, maxUnavailable, `${path}.maxUnavailable`);
};

/** ValidateDeploymentStatusUpdate. */
export const validateDeploymentStatusUpdate = (next: Deployment, previous: Deployment): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = next.status ?? {};
  addCountErrors(
    errors,
    next.status,
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "collisionCount",
  );
  for (const [field, count] of Object.entries({ updatedReplicas, readyReplicas, availableReplicas }))
    if (count > replicas) errors.push(invalidValue(`status.${field}`, count, "cannot be greater than status.replicas"));
  if (availableReplicas > readyReplicas)
    errors.push(invalidValue("status.availableReplicas", availableReplicas, "cannot be greater than readyReplicas"));
  addCollisionErrors(errors, next.status, previous.status);
  return errors;
};
