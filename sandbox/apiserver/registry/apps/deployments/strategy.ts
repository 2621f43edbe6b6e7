import type { Deployment } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { addImmutable } from "../../../../apimachinery/validation/fields.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { templateRules } from "../../core/podspec/options.ts";
import { podNameWarnings, templateWarnings } from "../../core/podspec/warnings.ts";
import { setFirstGeneration } from "../../generic/generation.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { emptySpec } from "../template-rules.ts";
import { defineStrategy } from "../../strategy.ts";
import { validateDeploymentSpec, validateDeploymentStatusUpdate } from "./validation.ts";

export const deploymentStrategy = defineStrategy<Deployment>({
  group: "apps",
  resource: "deployments",
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= emptySpec());
    setTemplateDefaults((spec.template ??= { spec: { containers: [] } }), context);
    spec.replicas ??= 1;
    const strategy = (spec.strategy ??= {});
    strategy.type ||= "RollingUpdate";
    if (strategy.type === "RollingUpdate") {
      const rollingUpdate = (strategy.rollingUpdate ??= {});
      rollingUpdate.maxUnavailable ??= "25%";
      rollingUpdate.maxSurge ??= "25%";
    }
    spec.revisionHistoryLimit ??= 10;
    spec.progressDeadlineSeconds ??= 600;
  },
  prepareForCreate: (draft, context) => {
    draft.status = {};
    setFirstGeneration(draft);
    dropDisabledTemplateFields(draft.spec?.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabledTemplateFields(draft.spec?.template, previous.spec?.template, context);
    const isSame =
      isSemanticallyEqual(draft.spec, previous.spec) && isSemanticallyEqual(draft.metadata.annotations, previous.metadata.annotations);
    const old = previous.metadata.generation ?? 0;
    draft.metadata.generation = isSame ? old : old + 1;
  },
  validate: (deployment, context) => validateDeploymentSpec(deployment, templateRules(context)),
  validateUpdate: (next, previous, context) => {
    const errors = [
      ...metadataUpdateErrors(next, previous),
      ...validateDeploymentSpec(next, templateRules(context, previous.spec?.template)),
    ];
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
    status: {
      prepareForUpdate: (draft, previous) => {
        keepSpec(draft, previous);
        if (previous.metadata.labels) draft.metadata.labels = previous.metadata.labels;
        else delete draft.metadata.labels;
      },
      validateUpdate: validateDeploymentStatusUpdate,
      resetFields: ["spec", "metadata.labels"],
    },
  },
});
