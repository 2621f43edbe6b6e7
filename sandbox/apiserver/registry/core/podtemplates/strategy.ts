import type { PodTemplate, PodTemplateSpec } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { setFirstGeneration } from "../../generic/generation.ts";
import { defineStrategy } from "../../strategy.ts";
import { setTemplateDefaults } from "../podspec/defaults.ts";
import { dropDisabledTemplateFields } from "../podspec/disabled-fields.ts";
import { templateRules, type PodRules } from "../podspec/options.ts";
import { addPodTemplateErrors } from "../podspec/template.ts";
import { templateWarnings } from "../podspec/warnings.ts";

const emptyTemplate: PodTemplateSpec = { spec: { containers: [] } };

const validate = ({ template }: PodTemplate, rules: PodRules): FieldError[] => {
  const errors: FieldError[] = [];
  addPodTemplateErrors(errors, template ?? emptyTemplate, "template", rules);
  return errors;
};

export const podTemplateStrategy = defineStrategy<PodTemplate>({
  group: "",
  resource: "podtemplates",
  setDefaults: (draft, context) => {
    setTemplateDefaults((draft.template ??= { spec: { containers: [] } }), context);
  },
  prepareForCreate: (draft, context) => {
    setFirstGeneration(draft);
    dropDisabledTemplateFields(draft.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    dropDisabledTemplateFields(draft.template, previous.template, context);
    const old = previous.metadata.generation ?? 0;
    draft.metadata.generation = isSemanticallyEqual(draft.template, previous.template) ? old : old + 1;
  },
  validate: (object, context) => validate(object, templateRules(context)),
  validateUpdate: (next, previous, context) => [
    ...metadataUpdateErrors(next, previous),
    ...validate(next, templateRules(context, previous.template)),
  ],
  warnings: ({ template }) => templateWarnings(template ?? emptyTemplate, "template"),
  allowUnconditionalUpdate: true,
});
