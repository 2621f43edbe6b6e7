import type { Job, JobSpec } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { templateRules } from "../../core/podspec/options.ts";
import { podNameWarnings } from "../../core/podspec/warnings.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { generateSelector } from "./selector.ts";
import { validateJobStatusUpdate } from "./status.ts";
import { validateJob, validateJobUpdate } from "./validation.ts";
import { jobSpecWarnings } from "./warnings.ts";

/** SetDefaults_Job. */
const setJobDefaults = (spec: Draft<JobSpec>): void => {
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : 2 ** 31 - 1;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  for (const rule of spec.podFailurePolicy?.rules ?? []) for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
};

/** A Job without labels has those of its pods: also of those that were generated, since stored Jobs are defaulted when they are read. */
const borrowLabels = ({ metadata, spec }: Draft<Job>): void => {
  const labels = spec?.template.metadata?.labels;
  // The same map, as in Go: what is generated for the pods is generated for the Job.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
};

export const jobStrategy = defineStrategy<Job>({
  group: "batch",
  resource: "jobs",
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= { template: { spec: { containers: [] } } });
    setTemplateDefaults((spec.template ??= { spec: { containers: [] } }), context);
    borrowLabels(draft);
    setJobDefaults(spec);
  },
  prepareForCreate: (draft, context) => {
    const borrows = draft.metadata.labels !== undefined && draft.metadata.labels === draft.spec?.template.metadata?.labels;
    generateSelector(draft);
    if (borrows) draft.metadata.labels = { ...draft.spec?.template.metadata?.labels };
    draft.status = {};
    setFirstGeneration(draft);
    dropDisabledTemplateFields(draft.spec?.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabledTemplateFields(draft.spec?.template, previous.spec?.template, context);
    setNextGeneration(draft, previous);
  },
  validate: (job, context) => validateJob(job, templateRules(context)),
  validateUpdate: (next, previous, context) => validateJobUpdate(next, previous, templateRules(context, previous.spec?.template)),
  warnings: (next, previous) => [
    ...(previous ? [] : podNameWarnings(next)),
    ...(next.spec && next.metadata.generation !== previous?.metadata.generation ? jobSpecWarnings(next.spec, "spec") : []),
  ],
  canonicalize: borrowLabels,
  allowUnconditionalUpdate: true,
  defaultPropagation: "Orphan",
  resetFields: ["status"],
  subresources: { status: statusStrategy(validateJobStatusUpdate) },
  selectableFields: { "status.successful": ({ status }) => String(status?.succeeded ?? 0) },
});
