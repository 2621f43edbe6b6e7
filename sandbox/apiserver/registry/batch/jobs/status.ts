import type { Job, JobStatus } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import { duplicate, invalidValue, omitted, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addNonnegative } from "../../../../apimachinery/validation/fields.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { firstOverlap, parseIndexes } from "./indexes.ts";

const has = ({ conditions }: JobStatus, type: string): boolean =>
  (conditions ?? []).some((condition) => condition.type === type && condition.status === "True");
const isFinished = (status: JobStatus): boolean => has(status, "Complete") || has(status, "Failed");

/**
 * ValidateJobUpdateStatus: others than the Job controller may run Jobs, so what they report is looked at closely. A field that was wrong
 * before and has not changed is let pass.
 */
export const validateJobStatusUpdate = (next: Job, previous: Job): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const [status, old] = [next.status ?? {}, previous.status ?? {}];
  for (const field of ["active", "succeeded", "failed", "ready", "terminating"] as const)
    addNonnegative(errors, `status.${field}`, status[field]);
  addUncountedErrors(errors, status);
  addConditionErrors(errors, status, old, next);
  addFinishErrors(errors, status, old);
  addIndexErrors(errors, next, old);
  addSuccessErrors(errors, next, old);
  addTransitionErrors(errors, next, old);
  return errors;
};

const addUncountedErrors = (errors: FieldError[], { uncountedTerminatedPods }: JobStatus): void => {
  const seen = new Set<string>();
  for (const list of ["succeeded", "failed"] as const)
    for (const [at, uid] of (uncountedTerminatedPods?.[list] ?? []).entries()) {
      const path = `status.uncountedTerminatedPods.${list}[${at}]`;
      if (uid === "") errors.push(invalidValue(path, uid, "must not be empty"));
      else if (seen.has(uid)) errors.push(duplicate(path, uid));
      seen.add(uid);
    }
};

const refuseConditions = (errors: FieldError[], words: string): void => void errors.push(invalidValue("status.conditions", omitted, words));

const addConditionErrors = (errors: FieldError[], status: JobStatus, old: JobStatus, { spec }: Job): void => {
  const changed = (type: string): boolean => has(status, type) !== has(old, type);
  const [complete, failed] = [has(status, "Complete"), has(status, "Failed")];
  const completeChanged = changed("Complete");
  const timeChanged = status.completionTime !== old.completionTime;
  const startChanged = status.startTime !== old.startTime;
  if ((completeChanged || changed("Failed")) && complete && failed)
    refuseConditions(errors, "cannot set Complete=True and Failed=true conditions");
  if ((completeChanged || changed("FailureTarget")) && complete && has(status, "FailureTarget"))
    refuseConditions(errors, "cannot set Complete=True and FailureTarget=true conditions");
  if ((completeChanged || timeChanged) && status.completionTime && !complete)
    errors.push(
      invalidValue("status.completionTime", status.completionTime, "cannot set completionTime when there is no Complete=True condition"),
    );
  if ((completeChanged || timeChanged) && !status.completionTime && complete)
    errors.push(required("status.completionTime", "completionTime is required for Complete jobs"));
  if (
    (startChanged || timeChanged) &&
    status.startTime &&
    status.completionTime &&
    Date.parse(status.completionTime) < Date.parse(status.startTime)
  )
    errors.push(invalidValue("status.completionTime", status.completionTime, "completionTime cannot be set before startTime"));
  if ((changed("Failed") || changed("FailureTarget")) && failed && !has(status, "FailureTarget"))
    refuseConditions(errors, "cannot set Failed=True condition without the FailureTarget=true condition");
  if ((completeChanged || changed("SuccessCriteriaMet")) && complete && !has(status, "SuccessCriteriaMet") && !spec?.successPolicy)
    refuseConditions(errors, "cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
};

const addFinishErrors = (errors: FieldError[], status: JobStatus, old: JobStatus): void => {
  if (!isFinished(status)) return;
  const changed = !isFinished(old);
  const { active = 0, terminating = 0, uncountedTerminatedPods: uncounted } = status;
  if ((changed || active !== (old.active ?? 0)) && active > 0)
    errors.push(invalidValue("status.active", active, "active>0 is invalid for finished job"));
  if ((changed || status.startTime !== old.startTime) && !status.startTime)
    errors.push(required("status.startTime", "startTime is required for finished job"));
  if (
    (changed || !isSemanticallyEqual(uncounted, old.uncountedTerminatedPods)) &&
    (uncounted?.failed?.length ?? 0) + (uncounted?.succeeded?.length ?? 0) > 0
  )
    errors.push(invalidValue("status.uncountedTerminatedPods", uncounted, "uncountedTerminatedPods needs to be empty for finished job"));
  if ((changed || terminating !== (old.terminating ?? 0)) && terminating > 0)
    errors.push(invalidValue("status.terminating", terminating, "terminating>0 is invalid for finished job"));
};

const addIndexErrors = (errors: FieldError[], { spec, status = {} }: Job, old: JobStatus): void => {
  const { completedIndexes = "", failedIndexes } = status;
  const { completions, backoffLimitPerIndex, completionMode } = spec ?? {};
  const [completedChanged, failedChanged] = [completedIndexes !== (old.completedIndexes ?? ""), failedIndexes !== old.failedIndexes];
  const look = (field: "completedIndexes" | "failedIndexes", text: string): void => {
    const indexes = parseIndexes(text, completions ?? 0);
    if ("problem" in indexes) errors.push(invalidValue(`status.${field}`, text, `error parsing ${field}: ${indexes.problem}`));
  };
  if (completedChanged && completions !== undefined) look("completedIndexes", completedIndexes);
  if (failedChanged && completions !== undefined && backoffLimitPerIndex !== undefined && failedIndexes !== undefined)
    look("failedIndexes", failedIndexes);
  if (completedChanged && completedIndexes !== "" && completionMode !== "Indexed")
    errors.push(
      invalidValue("status.completedIndexes", completedIndexes, "cannot set non-empty completedIndexes when non-indexed completion mode"),
    );
  if (failedChanged && backoffLimitPerIndex === undefined && failedIndexes !== undefined)
    errors.push(invalidValue("status.failedIndexes", failedIndexes, "cannot set non-null failedIndexes when backoffLimitPerIndex is null"));
  if (!(failedChanged || completedChanged) || completions === undefined || failedIndexes === undefined) return;
  const overlap = firstOverlap(completedIndexes, failedIndexes, completions);
  if (overlap !== undefined)
    errors.push(invalidValue("status.failedIndexes", failedIndexes, `failedIndexes and completedIndexes overlap at index: ${overlap}`));
};

const addSuccessErrors = (errors: FieldError[], { spec, status = {} }: Job, old: JobStatus): void => {
  const { active = 0, ready } = status;
  const isChanged = ready !== old.ready || active !== (old.active ?? 0);
  if (isChanged && ready !== undefined && ready > active)
    errors.push(invalidValue("status.ready", ready, "cannot set more ready pods than active"));
  const isMet = has(status, "SuccessCriteriaMet");
  if (isMet && has(status, "Failed")) refuseConditions(errors, "cannot set SuccessCriteriaMet=True and Failed=true conditions");
  if (isMet && has(status, "FailureTarget"))
    refuseConditions(errors, "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
  if (spec?.successPolicy && !isMet && has(status, "Complete"))
    refuseConditions(errors, "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
};

const addTransitionErrors = (errors: FieldError[], { spec, status = {} }: Job, old: JobStatus): void => {
  for (const type of ["Failed", "Complete", "FailureTarget"])
    if (has(old, type) && !has(status, type)) refuseConditions(errors, `cannot disable the terminal ${type}=True condition`);
  const { failed = 0, succeeded = 0 } = status;
  if (failed < (old.failed ?? 0)) errors.push(invalidValue("status.failed", failed, "cannot decrease the failed counter"));
  const mayShrink = spec?.completionMode === "Indexed" && spec.completions === spec.parallelism;
  if (!mayShrink && succeeded < (old.succeeded ?? 0))
    errors.push(invalidValue("status.succeeded", succeeded, "cannot decrease the succeeded counter"));
  if (status.completionTime && old.completionTime && status.completionTime !== old.completionTime)
    errors.push(invalidValue("status.completionTime", status.completionTime, "completionTime cannot be mutated"));
  // A Job that is resumed starts anew.
  const wasSuspended = old.conditions?.some(({ type, status: state }) => type === "Suspended" && state === "True");
  if (old.startTime && status.startTime !== old.startTime && !spec?.suspend && !(wasSuspended && status.startTime))
    errors.push(required("status.startTime", "startTime cannot be removed for unsuspended job"));
  const [isMet, wasMet] = [has(status, "SuccessCriteriaMet"), has(old, "SuccessCriteriaMet")];
  if (wasMet && !isMet) refuseConditions(errors, "cannot disable the SuccessCriteriaMet=True condition");
  if (has(old, "Complete") && !wasMet && isMet)
    refuseConditions(errors, "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
};
