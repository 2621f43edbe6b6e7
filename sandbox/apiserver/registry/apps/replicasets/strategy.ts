import type { ReplicaSet } from "../../../../api/types.ts";
import type { FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { templateRules, type PodRules } from "../../core/podspec/options.ts";
import { addPodTemplateErrors } from "../../core/podspec/template.ts";
import { podNameWarnings, templateWarnings } from "../../core/podspec/warnings.ts";
import { addReplicaStatusErrors } from "../../core/replicationcontrollers/strategy.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { addMismatchErrors, addSelectorErrors } from "../selector.ts";
import { addRunningPodErrors, emptySpec, emptyTemplate } from "../template-rules.ts";

/** ValidateReplicaSetSpec. An empty selector is told in a Deployment's words: upstream's oddity. */
const validateSpec = ({ spec }: ReplicaSet, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  addNonnegative(errors, "spec.replicas", spec?.replicas);
  addNonnegative(errors, "spec.minReadySeconds", spec?.minReadySeconds);
  const selector = addSelectorErrors(errors, spec?.selector, { emptyIsInvalidFor: "deployment", unreadable: "invalid label selector" });
  if (!selector) return errors;
  if (!selector.isEmpty()) addMismatchErrors(errors, selector, spec?.template);
  addPodTemplateErrors(errors, spec?.template ?? emptyTemplate, "spec.template", rules);
  addRunningPodErrors(errors, spec?.template, "ReplicaSet");
  return errors;
};

export const replicaSetStrategy = defineStrategy<ReplicaSet>({
  group: "apps",
  resource: "replicasets",
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= emptySpec());
    spec.replicas ??= 1;
    setTemplateDefaults((spec.template ??= { spec: { containers: [] } }), context);
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
    const own = validateSpec(next, templateRules(context, previous.spec?.template));
    const errors = [...metadataErrors(next, true), ...own, ...metadataUpdateErrors(next, previous), ...own];
    addImmutable(errors, "spec.selector", next.spec?.selector, previous.spec?.selector);
    return errors;
  },
  warnings: (next, previous) => [
    ...(previous ? [] : podNameWarnings(next)),
    ...(next.spec?.template && next.metadata.generation !== previous?.metadata.generation
      ? templateWarnings(next.spec.template, "spec.template")
      : []),
  ],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: statusStrategy((next, previous) => {
      const errors = metadataUpdateErrors(next, previous);
      addReplicaStatusErrors(errors, next.status ?? { replicas: 0 });
      return errors;
    }),
  },
});
