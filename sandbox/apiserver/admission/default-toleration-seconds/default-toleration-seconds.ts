import type { Toleration } from "../../../api/types.ts";
import type { AdmissionPlugin } from "../plugin.ts";
import { podOf, writesPod } from "../pod-spec.ts";

/** How long a pod stays on a node that is not ready or cannot be reached. Seconds. */
const patience = 300;

/** Lets pods that say nothing of it stay five minutes on a node that has failed. */
export const defaultTolerationSeconds = (): AdmissionPlugin => ({
  name: "DefaultTolerationSeconds",
  handles: writesPod,
  admit(attributes) {
    const { spec } = podOf(attributes);
    if (!spec) return;
    for (const key of ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"]) {
      if (spec.tolerations?.some((toleration) => speaksOf(toleration, key))) continue;
      spec.tolerations = [...(spec.tolerations ?? []), { key, operator: "Exists", effect: "NoExecute", tolerationSeconds: patience }];
    }
  },
});

const speaksOf = ({ key = "", effect = "" }: Toleration, wanted: string): boolean =>
  (key === wanted || key === "") && (effect === "NoExecute" || effect === "");
