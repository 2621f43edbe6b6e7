import type { ReplicationController, ReplicationControllerStatus } from "../../../../api/types.ts";
import type { FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { forbiddenField, goStringMap, invalidValue, notSupported, required } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { setTemplateDefaults } from "../podspec/defaults.ts";
import { dropDisabledTemplateFields } from "../podspec/disabled-fields.ts";
import { templateRules, type PodRules } from "../podspec/options.ts";
import { addPodTemplateErrors } from "../podspec/template.ts";
import { podNameWarnings, templateWarnings } from "../podspec/warnings.ts";

/** ValidateReplicationControllerSpec. */
const validateSpec = ({ spec }: ReplicationController, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  addNonnegative(errors, "spec.minReadySeconds", spec?.minReadySeconds);
  const selector = Object.entries(spec?.selector ?? {});
  if (selector.length === 0) errors.push(required("spec.selector"));
  addNonnegative(errors, "spec.replicas", spec?.replicas);
  const template = spec?.template;
  if (!template) return [...errors, required("spec.template")];
  const labels = template.metadata?.labels;
  if (selector.some(([key, value]) => labels?.[key] !== value))
    errors.push(invalidValue("spec.template.metadata.labels", goStringMap(labels), "`selector` does not match template `labels`"));
  addPodTemplateErrors(errors, template, "spec.template", rules);
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? { containers: [] };
  if (restartPolicy !== "Always") errors.push(notSupported("spec.template.spec.restartPolicy", restartPolicy ?? "", ["Always"]));
  if (activeDeadlineSeconds !== undefined)
    errors.push(
      forbiddenField("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicationController is not Supported"),
    );
  return errors;
};

/** ValidateReplicationControllerStatus: also of ReplicaSets. */
export const addReplicaStatusErrors = (errors: FieldError[], status: ReplicationControllerStatus): void => {
  const { replicas = 0, fullyLabeledReplicas = 0, readyReplicas = 0, availableReplicas = 0, observedGeneration } = status;
  const counts = { fullyLabeledReplicas, readyReplicas, availableReplicas };
  addNonnegative(errors, "status.replicas", replicas);
  for (const [field, count] of Object.entries(counts)) addNonnegative(errors, `status.${field}`, count);
  addNonnegative(errors, "status.observedGeneration", observedGeneration);
  for (const [field, count] of Object.entries(counts))
    if (count > replicas) errors.push(invalidValue(`status.${field}`, count, "cannot be greater than status.replicas"));
  if (availableReplicas > readyReplicas)
    errors.push(invalidValue("status.availableReplicas", availableReplicas, "cannot be greater than readyReplicas"));
};

export const replicationControllerStrategy = defineStrategy<ReplicationController>({
  group: "",
  resource: "replicationcontrollers",
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= {});
    spec.replicas ??= 1;
    if (!spec.template) return;
    setTemplateDefaults(spec.template, context);
    const labels = spec.template.metadata?.labels;
    if (!labels) return;
    if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
    if (Object.keys(draft.metadata.labels ?? {}).length === 0) draft.metadata.labels = { ...labels };
  },
  prepareForCreate: (draft, context) => {
    draft.status = { replicas: 0 };
    setFirstGeneration(draft);
    dropDisabledTemplateFields(draft.spec?.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabledTemplateFields(draft.spec?.template, previous.spec?.template, context);
    setNextGeneration(draft, previous);
  },
  validate: (object, context) => validateSpec(object, templateRules(context)),
  validateUpdate: (next, previous, context) => {
    const errors = validateSpec(next, templateRules(context, previous.spec?.template));
    return [...metadataErrors(next, true), ...errors, ...metadataUpdateErrors(next, previous), ...errors];
  },
  warnings: (next, previous) => [
    ...(previous ? [] : podNameWarnings(next)),
    ...(next.spec?.template && next.metadata.generation !== previous?.metadata.generation
      ? templateWarnings(next.spec.template, "spec.template")
      : []),
  ],
  allowUnconditionalUpdate: true,
  defaultPropagation: "Orphan",
  resetFields: ["status"],
  subresources: {
    status: statusStrategy((next, previous) => {
      const errors = metadataUpdateErrors(next, previous);
      addReplicaStatusErrors(errors, next.status ?? { replicas: 0 });
      return errors;
    }),
  },
  selectableFields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
});
