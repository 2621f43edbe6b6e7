import type { Pod, RuntimeClass, Toleration } from "../../../api/types.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "../plugin.ts";
import { createsPod, podOf } from "../pod-spec.ts";
import { refused } from "../refusal.ts";

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

/** Carries the overhead and the scheduling of a pod's runtime class over into the pod. */
export const runtimeClass = (context: AdmissionContext): AdmissionPlugin => ({
  name: "RuntimeClass",
  handles: createsPod,
  admit(attributes) {
    const pod = podOf(attributes);
    const found = classOf(context, attributes, pod);
    if (!found) return;
    setOverhead(attributes, pod, found);
    setScheduling(attributes, pod, found);
  },
  validate(attributes) {
    const pod = podOf(attributes);
    const overhead = classOf(context, attributes, pod)?.overhead;
    const given = pod.spec?.overhead;
    if (overhead) {
      if (!isSemanticallyEqual(overhead.podFixed, given)) throw refused(attributes, mismatch);
    } else if (Object.keys(given ?? {}).length > 0)
      throw refused(attributes, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
  },
});

const classOf = ({ reader }: AdmissionContext, attributes: Attributes, { spec }: Draft<Pod>): RuntimeClass | undefined => {
  const name = spec?.runtimeClassName;
  if (name === undefined) return undefined;
  const found = reader.get("node.k8s.io", "runtimeclasses", "", name) as RuntimeClass | undefined;
  if (!found) throw refused(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  return found;
};

const setOverhead = (attributes: Attributes, { spec }: Draft<Pod>, { overhead }: RuntimeClass): void => {
  if (!spec || !overhead) return;
  if (Object.keys(spec.overhead ?? {}).length > 0 && !isSemanticallyEqual(overhead.podFixed, spec.overhead))
    throw refused(attributes, mismatch);
  spec.overhead = { ...overhead.podFixed };
};

const setScheduling = (attributes: Attributes, { spec }: Draft<Pod>, { scheduling }: RuntimeClass): void => {
  if (!spec || !scheduling) return;
  for (const [key, value] of Object.entries(scheduling.nodeSelector ?? {})) {
    const own = spec.nodeSelector?.[key];
    if (own !== undefined && own !== value)
      throw refused(
        attributes,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`,
      );
    spec.nodeSelector = { ...spec.nodeSelector, [key]: value };
  }
  const added =
    scheduling.tolerations?.filter((toleration) => !spec.tolerations?.some((own) => isSemanticallyEqual(own, toleration))) ?? [];
  if (added.length > 0) spec.tolerations = [...(spec.tolerations ?? []), ...(added as Draft<Toleration>[])];
};
