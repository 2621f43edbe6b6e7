import { nodeIdentity } from "../../authorization/node/node-identity.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";
import { judgeNode } from "./nodes.ts";
import { judgePod } from "./pods.ts";
import { judgeClaimStatus, judgeCsiNode, judgeLease, judgeResourceSlice, judgeToken } from "./others.ts";

/** What a node may do with one kind; `node` is its name. */
export type Judge = (context: AdmissionContext, attributes: Attributes, node: string) => void;

const judges: Readonly<Record<string, Judge>> = {
  "/pods": judgePod,
  "/nodes": judgeNode,
  "/persistentvolumeclaims": judgeClaimStatus,
  "/serviceaccounts": judgeToken,
  "coordination.k8s.io/leases": judgeLease,
  "storage.k8s.io/csinodes": judgeCsiNode,
  "resource.k8s.io/resourceslices": judgeResourceSlice,
};

/** Holds each kubelet to its own node and the pods on it. */
export const nodeRestriction = (context: AdmissionContext): AdmissionPlugin => ({
  name: "NodeRestriction",
  handles: ({ operation, user }) => operation !== "CONNECT" && nodeIdentity(user) !== undefined,
  admit(attributes) {
    const { user, entry } = attributes;
    const { nodeName } = nodeIdentity(user)!;
    // Disabled where the node cannot be told, as the node authorizer lets such a user do nothing.
    if (nodeName === "") throw refused(attributes, `could not determine node from user ${JSON.stringify(user.name)}`);
    judges[`${entry.stored.group}/${entry.stored.resource}`]?.(context, attributes, nodeName);
  },
});
