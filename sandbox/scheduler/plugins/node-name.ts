import type { Plugin } from "../framework/plugin.ts";
import { unresolvable } from "../framework/rejection.ts";

const name = "NodeName";
const rejection = unresolvable(name, "node(s) didn't match the requested node name");

/** A pod that names its node fits no other. */
export const nodeName: Plugin = {
  name,
  retryOn: [{ kind: "node/added" }],
  key: ({ pod }) => pod.spec?.nodeName ?? "",
  filter: ({ pod }, node) => (pod.spec?.nodeName && pod.spec.nodeName !== node.name ? rejection : undefined),
};
