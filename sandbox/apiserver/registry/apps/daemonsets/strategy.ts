import type { DaemonSet } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { addImmutable } from "../../../../apimachinery/validation/fields.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { templateRules } from "../../core/podspec/options.ts";
import { templateWarnings } from "../../core/podspec/warnings.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus, statusStrategy } from "../../generic/status.ts";
import { emptySpec } from "../template-rules.ts";
import { defineStrategy } from "../../strategy.ts";
import { validateDaemonSetSpec, validateDaemonSetStatusUpdate } from "./validation.ts";

/** What was a field once, and is an annotation of every DaemonSet in apps/v1, whether its client wrote it or not. */
const generationKey = "deprecated.daemonset.template.generation";

const setTemplateGeneration = ({ metadata }: Draft<DaemonSet>, generation: number): void => {
  (metadata.annotations ??= {})[generationKey] = String(generation);
};

const templateGenerationOf = ({ metadata }: DaemonSet): number => Number(metadata.annotations?.[generationKey] ?? 0) || 0;

export const daemonSetStrategy = defineStrategy<DaemonSet>({
  group: "apps",
  resource: "daemonsets",
  setDefaults: (draft, context) => {
    setTemplateGeneration(draft, templateGenerationOf(draft));
    const spec = (draft.spec ??= emptySpec());
    setTemplateDefaults((spec.template ??= { spec: { containers: [] } }), context);
    const strategy = (spec.updateStrategy ??= {});
    strategy.type ||= "RollingUpdate";
    if (strategy.type === "RollingUpdate") {
      const rollingUpdate = (strategy.rollingUpdate ??= {});
      rollingUpdate.maxUnavailable ??= 1;
      rollingUpdate.maxSurge ??= 0;
    } else if (strategy.rollingUpdate) {
      strategy.rollingUpdate.maxUnavailable ??= 0;
      strategy.rollingUpdate.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
  },
  prepareForCreate: (draft, context) => {
    draft.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    setFirstGeneration(draft);
    setTemplateGeneration(draft, Math.max(templateGenerationOf(draft), 1));
    dropDisabledTemplateFields(draft.spec?.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabledTemplateFields(draft.spec?.template, previous.spec?.template, context);
    const isSame = isSemanticallyEqual(draft.spec?.template, previous.spec?.template);
    setTemplateGeneration(draft, templateGenerationOf(previous) + (isSame ? 0 : 1));
    setNextGeneration(draft, previous);
  },
  validate: (object, context) => validateDaemonSetSpec(object, templateRules(context)),
  validateUpdate: (next, previous, context) => {
    const own = validateDaemonSetSpec(next, templateRules(context, previous.spec?.template));
    const errors = [...metadataErrors(next, true), ...own, ...metadataUpdateErrors(next, previous), ...own];
    addImmutable(errors, "spec.selector", next.spec?.selector, previous.spec?.selector);
    return errors;
  },
  warnings: (next, previous) =>
    next.spec?.template && next.metadata.generation !== previous?.metadata.generation
      ? templateWarnings(next.spec.template, "spec.template")
      : [],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: {
      ...statusStrategy(validateDaemonSetStatusUpdate),
      prepareForUpdate: (draft, previous) => {
        keepSpec(draft, previous);
        setTemplateGeneration(draft, templateGenerationOf(previous));
      },
    },
  },
});
