import type { LimitRange, PersistentVolumeClaim } from "../../../api/types.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin, type Attributes } from "../plugin.ts";
import { createsPod, podOf } from "../pod-spec.ts";
import { refused } from "../refusal.ts";
import { excessesOfClaim, excessesOfPod } from "./constraints.ts";
import { fillIn } from "./fill-in.ts";

/** Gives containers the resources that their namespace's LimitRanges say, and holds pods and claims to their bounds. */
export const limitRanger = (context: AdmissionContext): AdmissionPlugin => ({
  name: "LimitRanger",
  handles: (attributes) =>
    concernsPod(attributes) || (attributes.operation !== "DELETE" && isFor(attributes, "", "persistentvolumeclaims")),
  admit(attributes) {
    if (createsPod(attributes)) for (const range of rangesFor(context, attributes)) fillIn(podOf(attributes), range);
  },
  validate(attributes) {
    for (const range of rangesFor(context, attributes)) {
      const found = concernsPod(attributes)
        ? excessesOfPod(range, podOf(attributes))
        : excessesOfClaim(range, attributes.object as unknown as PersistentVolumeClaim);
      const distinct = [...new Set(found)];
      if (distinct.length > 0) throw refused(attributes, distinct.length === 1 ? distinct[0]! : `[${distinct.join(", ")}]`);
    }
  },
});

/** A pod that is made, or given other resources. */
const concernsPod = (attributes: Attributes): boolean =>
  createsPod(attributes) ||
  (attributes.operation === "UPDATE" && attributes.subresource === "resize" && isFor(attributes, "", "pods", "resize"));

const rangesFor = ({ reader }: AdmissionContext, { namespace }: Attributes): readonly LimitRange[] =>
  reader.list("", "limitranges", namespace) as unknown as readonly LimitRange[];
