import type { Job } from "../../../../api/types.ts";
import type { Draft, ObjectMeta } from "../../../../apimachinery/meta/types.ts";

const uidLabel = "batch.kubernetes.io/controller-uid";

/** Labels that pods of a Job carry. */
export const generatedLabels = ({ name = "", uid = "" }: ObjectMeta): Readonly<Record<string, string>> => ({
  [uidLabel]: uid,
  "batch.kubernetes.io/job-name": name,
});
export const legacyLabels = ({ name = "", uid = "" }: ObjectMeta): Readonly<Record<string, string>> => ({
  "controller-uid": uid,
  "job-name": name,
});

/** Labels the pods and selects them by the Job's uid, unless the client does so itself (generateSelector). */
export const generateSelector = ({ metadata, spec }: Draft<Job>): void => {
  if (!spec || spec.manualSelector) return;
  const template = (spec.template.metadata ??= {});
  template.labels = { ...generatedLabels(metadata), ...legacyLabels(metadata), ...template.labels };
  const selector = (spec.selector ??= {});
  selector.matchLabels = { [uidLabel]: metadata.uid ?? "", ...selector.matchLabels };
};
