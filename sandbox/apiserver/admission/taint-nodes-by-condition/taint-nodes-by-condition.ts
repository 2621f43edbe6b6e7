import type { Node } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { isFor, type AdmissionPlugin } from "../plugin.ts";

const taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };

/** Keeps pods off a new node until the node controller has heard that it is ready. */
export const taintNodesByCondition = (): AdmissionPlugin => ({
  name: "TaintNodesByCondition",
  handles: (attributes) => attributes.operation === "CREATE" && isFor(attributes, "", "nodes"),
  admit({ object }) {
    const node = object as unknown as Draft<Node>;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === taint.key && effect === taint.effect)) return;
    node.spec = { ...node.spec, taints: [...taints, { ...taint }] };
  },
});
