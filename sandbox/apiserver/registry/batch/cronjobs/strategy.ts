import type { CronJob, CronJobSpec } from "../../../../api/types.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { emptyTemplate } from "../../apps/template-rules.ts";
import { setTemplateDefaults } from "../../core/podspec/defaults.ts";
import { dropDisabledTemplateFields } from "../../core/podspec/disabled-fields.ts";
import { templateRules, type PodRules } from "../../core/podspec/options.ts";
import { podNameWarnings } from "../../core/podspec/warnings.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { addJobSpecErrors } from "../jobs/job-spec.ts";
import { jobSpecWarnings } from "../jobs/warnings.ts";
import { isTimeZone, scheduleProblem } from "./schedule.ts";

const policies = ["Allow", "Forbid", "Replace"];
/** Jobs get a suffix of eleven characters, and their names are labels. */
const longestName = 52;

/** validateCronJobSpec. */
const validateSpec = ({ spec }: CronJob, rules: PodRules, previous?: CronJobSpec): FieldError[] => {
  const errors: FieldError[] = [];
  const { schedule = "", timeZone, concurrencyPolicy, jobTemplate }: Partial<CronJobSpec> = spec ?? {};
  if (schedule === "") errors.push(required("spec.schedule"));
  else addScheduleErrors(errors, schedule, timeZone, previous?.schedule?.includes("TZ") ?? false);
  addNonnegative(errors, "spec.startingDeadlineSeconds", spec?.startingDeadlineSeconds);
  if (timeZone !== undefined && timeZone !== previous?.timeZone) addTimeZoneErrors(errors, timeZone);
  if (!concurrencyPolicy) errors.push(required("spec.concurrencyPolicy"));
  else if (!policies.includes(concurrencyPolicy)) errors.push(notSupported("spec.concurrencyPolicy", concurrencyPolicy, policies));
  const job = jobTemplate?.spec ?? { template: emptyTemplate };
  addJobSpecErrors(errors, job, "spec.jobTemplate.spec", rules);
  if (job.selector) errors.push(invalidValue("spec.jobTemplate.spec.selector", job.selector, "`selector` will be auto-generated"));
  if (job.manualSelector) errors.push(notSupported("spec.jobTemplate.spec.manualSelector", job.manualSelector, ["nil", "false"]));
  addNonnegative(errors, "spec.successfulJobsHistoryLimit", spec?.successfulJobsHistoryLimit);
  addNonnegative(errors, "spec.failedJobsHistoryLimit", spec?.failedJobsHistoryLimit);
  return errors;
};

const addScheduleErrors = (errors: FieldError[], schedule: string, timeZone: string | undefined, mayNameZone: boolean): void => {
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) errors.push(invalidValue("spec.schedule", schedule, problem));
  if (!schedule.includes("TZ")) return;
  if (!mayNameZone)
    errors.push(invalidValue("spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  else if (timeZone !== undefined)
    errors.push(invalidValue("spec.schedule", schedule, "cannot use both timeZone field and TZ or CRON_TZ in schedule"));
};

/** validateTimeZone. */
const addTimeZoneErrors = (errors: FieldError[], timeZone: string): void => {
  const path = "spec.timeZone";
  if (timeZone === "") {
    errors.push(invalidValue(path, timeZone, "timeZone must be nil or non-empty string"));
    return;
  }
  const isName = timeZone
    .split("/")
    .every((part) => part !== "." && part !== ".." && !part.startsWith("-") && /^[A-Za-z.\-_0-9+]{1,14}$/.test(part));
  if (!isName) {
    errors.push(invalidValue(path, timeZone, `unknown time zone ${timeZone}`));
    return;
  }
  if (timeZone.toLowerCase() === "local")
    errors.push(invalidValue(path, timeZone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"));
  if (!isTimeZone(timeZone)) errors.push(invalidValue(path, timeZone, `unknown time zone ${timeZone}`));
};

export const cronJobStrategy = defineStrategy<CronJob>({
  group: "batch",
  resource: "cronjobs",
  setDefaults: (draft, context) => {
    const spec = (draft.spec ??= { schedule: "", jobTemplate: { spec: { template: { spec: { containers: [] } } } } });
    spec.concurrencyPolicy ||= "Allow";
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    const job = ((spec.jobTemplate ??= { spec: { template: { spec: { containers: [] } } } }).spec ??= {
      template: { spec: { containers: [] } },
    });
    setTemplateDefaults((job.template ??= { spec: { containers: [] } }), context);
    for (const rule of job.podFailurePolicy?.rules ?? []) for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  },
  prepareForCreate: (draft, context) => {
    draft.status = {};
    setFirstGeneration(draft);
    dropDisabledTemplateFields(draft.spec?.jobTemplate.spec?.template, undefined, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    dropDisabledTemplateFields(draft.spec?.jobTemplate.spec?.template, previous.spec?.jobTemplate.spec?.template, context);
    setNextGeneration(draft, previous);
  },
  validate: (cronJob, context) => {
    const errors = validateSpec(cronJob, templateRules(context));
    const name = cronJob.metadata.name ?? "";
    if (bytesOf(name) > longestName) errors.push(invalidValue("metadata.name", name, `must be no more than ${longestName} characters`));
    return errors;
  },
  validateUpdate: (next, previous, context) => [
    ...metadataUpdateErrors(next, previous),
    ...validateSpec(next, templateRules(context, previous.spec?.jobTemplate.spec?.template), previous.spec),
  ],
  warnings: (next, previous) => {
    const isChanged = next.metadata.generation !== previous?.metadata.generation;
    return [
      ...(previous ? [] : podNameWarnings(next)),
      ...(isChanged && next.spec?.jobTemplate.spec ? jobSpecWarnings(next.spec.jobTemplate.spec, "spec.jobTemplate.spec") : []),
      ...(next.spec?.schedule.includes("TZ") ? ["cannot use TZ or CRON_TZ in spec.schedule, use timeZone field instead"] : []),
    ];
  },
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy(metadataUpdateErrors) },
});
