import type { StatefulSet, StatefulSetSpec } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import type { PodRules } from "../../core/podspec/options.ts";
import { addTemplateMetadataErrors } from "../../core/podspec/template.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { addCollisionErrors, addCountErrors } from "../collisions.ts";
import { addIntOrPercentErrors, addMoreThanAllErrors, amountOf, shownIntOrString } from "../int-or-percent.ts";
import { addMismatchErrors, addSelectorErrors } from "../selector.ts";
import { addRunningPodErrors } from "../template-rules.ts";

const retentions = ["Retain", "Delete"];

/** ValidateStatefulSetSpec. Its pods' spec is not looked at: claims that it makes are missing from the volumes. */
export const validateStatefulSetSpec = ({ spec: given }: StatefulSet, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  const spec: Partial<StatefulSetSpec> = given ?? {};
  const policy = spec.podManagementPolicy;
  if (!policy) errors.push(required("spec.podManagementPolicy"));
  else if (policy !== "OrderedReady" && policy !== "Parallel")
    errors.push(invalidValue("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  addUpdateStrategyErrors(errors, spec.updateStrategy ?? {});
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  if (retention)
    for (const moment of ["whenDeleted", "whenScaled"] as const)
      if (!retentions.includes(retention[moment] ?? ""))
        errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${moment}`, retention[moment] ?? "", retentions));
  addNonnegative(errors, "spec.replicas", spec.replicas);
  addNonnegative(errors, "spec.minReadySeconds", spec.minReadySeconds);
  addNonnegative(errors, "spec.ordinals.start", spec.ordinals?.start);
  const selector = addSelectorErrors(errors, spec.selector, { emptyIsInvalidFor: "statefulset", unreadable: "" });
  if (selector) {
    if (!selector.isEmpty()) addMismatchErrors(errors, selector, spec.template);
    addTemplateMetadataErrors(errors, spec.template?.metadata, spec.template?.spec, "spec.template", rules);
  }
  addRunningPodErrors(errors, spec.template, "StatefulSet");
  return errors;
};

const addUpdateStrategyErrors = (errors: FieldError[], strategy: NonNullable<StatefulSetSpec["updateStrategy"]>): void => {
  const path = "spec.updateStrategy";
  const { type, rollingUpdate } = strategy;
  if (!type) errors.push(required(path));
  else if (type === "OnDelete") {
    if (rollingUpdate) errors.push(invalidValue(`${path}.rollingUpdate`, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'"));
  } else if (type !== "RollingUpdate") errors.push(invalidValue(path, strategy, "must be 'RollingUpdate' or 'OnDelete'"));
  else if (rollingUpdate) {
    addNonnegative(errors, `${path}.rollingUpdate.partition`, rollingUpdate.partition);
    const most = rollingUpdate.maxUnavailable;
    if (most === undefined) return;
    const field = `${path}.rollingUpdate.maxUnavailable`;
    addIntOrPercentErrors(errors, most, field);
    if (amountOf(most) === 0) errors.push(invalidValue(field, shownIntOrString(most), "cannot be 0"));
    addMoreThanAllErrors(errors, most, field);
  }
};

const mutable = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
] as const;

/** ValidateStatefulSetUpdate: most of the spec stays, for the pods that are there are bound to it. */
export const validateStatefulSetUpdate = (
  next: StatefulSet,
  previous: StatefulSet,
  rules: PodRules,
  allowsHistory: boolean,
): FieldError[] => {
  const errors = [...metadataUpdateErrors(next, previous), ...validateStatefulSetSpec(next, rules)];
  const fields = mutable.filter((field) => allowsHistory || field !== "revisionHistoryLimit");
  const rest = { ...next.spec, ...Object.fromEntries(fields.map((field) => [field, previous.spec?.[field]])) };
  const names = fields.map((field) => `'${field}'`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
  if (!isSemanticallyEqual(rest, previous.spec))
    errors.push(forbiddenField("spec", `updates to statefulset spec for fields other than ${list} are forbidden`));
  return errors;
};

/** ValidateStatefulSetStatusUpdate. */
export const validateStatefulSetStatusUpdate = (next: StatefulSet, previous: StatefulSet): FieldError[] => {
  const errors: FieldError[] = [];
  const {
    replicas = 0,
    readyReplicas = 0,
    currentReplicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = next.status ?? { replicas: 0 };
  addCountErrors(
    errors,
    next.status,
    "replicas",
    "readyReplicas",
    "currentReplicas",
    "updatedReplicas",
    "availableReplicas",
    "observedGeneration",
    "collisionCount",
  );
  for (const [field, count] of Object.entries({ readyReplicas, currentReplicas, updatedReplicas, availableReplicas }))
    if (count > replicas) errors.push(invalidValue(`status.${field}`, count, "cannot be greater than status.replicas"));
  if (availableReplicas > readyReplicas)
    errors.push(invalidValue("status.availableReplicas", availableReplicas, "cannot be greater than status.readyReplicas"));
  errors.push(...metadataUpdateErrors(next, previous));
  addCollisionErrors(errors, next.status, previous.status);
  return errors;
};
