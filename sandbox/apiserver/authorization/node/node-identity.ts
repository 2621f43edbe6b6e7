import type { UserInfo } from "../../operation.ts";

/** Upstream's node identifier: a member of `system:nodes` named `system:node:NAME`. `nodeName` is empty when the name is of another form. */
export const nodeIdentity = ({ name, groups }: UserInfo): { readonly nodeName: string } | undefined => {
  if (!name.startsWith("system:node:")) return groups.includes("system:nodes") ? { nodeName: "" } : undefined;
  return groups.includes("system:nodes") ? { nodeName: name.slice("system:node:".length) } : undefined;
};
