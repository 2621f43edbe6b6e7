import type { Job, JobSpec, PodTemplateSpec } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { validateLabelSelector } from "../../../../apimachinery/labels/label-selector.ts";
import { goStringMap, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label } from "../../../../apimachinery/validation/names.ts";
import { addMismatchErrors, readableSelector } from "../../apps/selector.ts";
import { emptyTemplate } from "../../apps/template-rules.ts";
import type { PodRules } from "../../core/podspec/options.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { addJobSpecErrors } from "./job-spec.ts";
import { generatedLabels, legacyLabels } from "./selector.ts";

const emptySpec: JobSpec = { template: emptyTemplate };

/** ValidateJob, without the metadata. */
export const validateJob = (job: Job, rules: PodRules, needsPrefixedLabels = true): FieldError[] => {
  const errors: FieldError[] = [];
  addGeneratedSelectorErrors(errors, job, needsPrefixedLabels);
  addSpecErrors(errors, job.spec ?? emptySpec, rules);
  const { completionMode, completions = 0 } = job.spec ?? emptySpec;
  const name = job.metadata.name ?? "";
  const lastHost = `${name}-${completions - 1}`;
  if (completionMode === "Indexed" && completions > 0 && isDNS1123Label(lastHost).length > 0)
    errors.push(invalidValue("metadata.name", name, `will not able to create pod with invalid DNS label: ${lastHost}`));
  return errors;
};

/** ValidateJobSpec. */
const addSpecErrors = (errors: FieldError[], spec: JobSpec, rules: PodRules): void => {
  addJobSpecErrors(errors, spec, "spec", rules);
  if (!spec.selector) errors.push(required("spec.selector"));
  else
    errors.push(...validateLabelSelector(spec.selector, "spec.selector", { allowInvalidValues: rules.allowInvalidLabelValueInSelector }));
  const selector = readableSelector(spec.selector);
  if (selector) addMismatchErrors(errors, selector, spec.template);
};

/** validateGeneratedSelector: who lets the server choose must not have chosen otherwise. */
const addGeneratedSelectorErrors = (errors: FieldError[], { metadata, spec }: Job, needsPrefixedLabels: boolean): void => {
  if (spec?.manualSelector || !spec?.selector) return;
  if (!metadata.uid) errors.push(required("metadata.uid"));
  const expected = needsPrefixedLabels ? { ...legacyLabels(metadata), ...generatedLabels(metadata) } : legacyLabels(metadata);
  const labels = spec.template?.metadata?.labels;
  for (const [key, value] of Object.entries(expected)) {
    const path = `spec.template.metadata.labels[${key}]`;
    if (labels?.[key] === undefined) errors.push(required(path, `must be '${value}'`));
    else if (labels[key] !== value) errors.push(invalidValue(path, goStringMap(labels), `must be '${value}'`));
  }
  const selector = readableSelector(spec.selector);
  if (selector && !selector.matches(expected)) errors.push(invalidValue("spec.selector", spec.selector, "`selector` not auto-generated"));
};

/** What upstream's strategy answers of a change: the new Job as a whole, then the change. */
export const validateJobUpdate = (next: Job, previous: Job, rules: PodRules): FieldError[] => {
  const [spec, old] = [next.spec ?? emptySpec, previous.spec ?? emptySpec];
  const labels = old.template?.metadata?.labels;
  const hadPrefixedLabels = Object.keys(generatedLabels(previous.metadata)).every((key) => labels?.[key] !== undefined);
  const errors = [...metadataErrors(next, true), ...validateJob(next, rules, hadPrefixedLabels), ...metadataUpdateErrors(next, previous)];
  addSpecErrors(errors, spec, rules);
  addCompletionsErrors(errors, spec, old);
  addImmutable(errors, "spec.selector", spec.selector, old.selector);
  const isFree = old.suspend === true && previous.status?.startTime === undefined;
  addImmutable(errors, "spec.template", spec.template, isFree ? withDirectivesOf(spec.template, old.template) : old.template);
  for (const field of ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] as const)
    addImmutable(errors, `spec.${field}`, spec[field], old[field]);
  return errors;
};

/** An indexed Job may grow and shrink, all indexes at once. */
const addCompletionsErrors = (errors: FieldError[], spec: JobSpec, old: JobSpec): void => {
  if (spec.completionMode !== "Indexed") addImmutable(errors, "spec.completions", spec.completions, old.completions);
  else if (spec.completions !== undefined && spec.completions !== old.completions && spec.completions !== spec.parallelism)
    errors.push(invalidValue("spec.completions", spec.completions, "can only be modified in tandem with spec.parallelism"));
};

/** Where its pods go may still be decided while a Job is suspended and has never run. */
const withDirectivesOf = (template: PodTemplateSpec | undefined, old: PodTemplateSpec | undefined): PodTemplateSpec => {
  const spec = template?.spec ?? emptyTemplate.spec;
  const affinity = { ...old?.spec?.affinity, nodeAffinity: spec.affinity?.nodeAffinity };
  return {
    ...old,
    metadata: { ...old?.metadata, annotations: template?.metadata?.annotations, labels: template?.metadata?.labels },
    spec: {
      ...(old?.spec ?? emptyTemplate.spec),
      affinity: isSemanticallyEqual(affinity, undefined) ? undefined : affinity,
      nodeSelector: spec.nodeSelector,
      tolerations: spec.tolerations,
      schedulingGates: spec.schedulingGates,
    },
  };
};
