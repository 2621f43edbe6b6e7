import type { LabelSelector, PodTemplateSpec } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { forbiddenField, notSupported, type FieldError } from "../../../apimachinery/validation/field-error.ts";

/** Pods of a workload that keeps them running are restarted always, and have no deadline. */
export const addRunningPodErrors = (errors: FieldError[], template: PodTemplateSpec | undefined, kind: string): void => {
  const path = "spec.template.spec";
  if (template?.spec?.restartPolicy !== "Always")
    errors.push(notSupported(`${path}.restartPolicy`, template?.spec?.restartPolicy ?? "", ["Always"]));
  if (template?.spec?.activeDeadlineSeconds !== undefined)
    errors.push(forbiddenField(`${path}.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`));
};

export const emptyTemplate: PodTemplateSpec = { spec: { containers: [] } };

/** Of a workload that came without one; it has no selector, which validation tells. */
export const emptySpec = () =>
  ({ template: { spec: { containers: [] } } }) as unknown as { selector: Draft<LabelSelector>; template: Draft<PodTemplateSpec> };
