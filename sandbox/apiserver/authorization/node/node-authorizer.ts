import { allow, noOpinion, type Attributes, type Authorizer, type Decision } from "../authorizer.ts";
import { ruleAllows, type PolicyRule } from "../rbac/policy-rule.ts";
import type { NodeGraph, Vertex } from "./node-graph.ts";
import { nodeIdentity } from "./node-identity.ts";

type Rule = (node: string, attributes: Attributes, graph: NodeGraph) => Decision;

/**
 * What a kubelet may do: its own node, lease and CSINode, the pods bound to it, and what these pods refer to. Everything else by `rules`, the
 * rules of the role `system:node`. Upstream's node authorizer, selectors included.
 */
export const nodeAuthorizer = (graph: NodeGraph, rules: readonly PolicyRule[]): Authorizer => ({
  authorize(attributes) {
    const identity = nodeIdentity(attributes.user);
    if (!identity) return noOpinion();
    if (identity.nodeName === "") return noOpinion(`unknown node for user ${JSON.stringify(attributes.user.name)}`);
    const special = attributes.resource === undefined ? undefined : byResource[`${attributes.group ?? ""}/${attributes.resource}`];
    if (special) return special(identity.nodeName, attributes, graph);
    return rules.some((rule) => ruleAllows(rule, attributes)) ? allow() : noOpinion();
  },
  rulesFor: (user) =>
    nodeIdentity(user)
      ? {
          resourceRules: [],
          nonResourceRules: [],
          incomplete: true,
          evaluationErrors: ["node authorizer does not support user rule resolution"],
        }
      : { resourceRules: [], nonResourceRules: [], incomplete: false, evaluationErrors: [] },
});

const related =
  (vertex: Vertex): Rule =>
  (node, { namespace = "", name }, graph) => {
    if (!name) return noOpinion("No Object name found");
    return graph.isRelated(node, vertex, namespace, name)
      ? allow()
      : noOpinion(`no relationship found between node '${node}' and this object`);
  };

const readNamespaced =
  (vertex: Vertex): Rule =>
  (node, attributes, graph) => {
    if (!["get", "list", "watch"].includes(attributes.verb)) return noOpinion("can only read resources of this type");
    if (attributes.subresource) return noOpinion("cannot read subresource");
    if (!attributes.namespace) return noOpinion("can only read namespaced object of this type");
    return related(vertex)(node, attributes, graph);
  };

const getOnly =
  (vertex: Vertex): Rule =>
  (node, attributes, graph) => {
    if (attributes.verb !== "get") return noOpinion("can only get individual resources of this type");
    if (attributes.subresource) return noOpinion("cannot get subresource");
    return related(vertex)(node, attributes, graph);
  };

const claim: Rule = (node, attributes, graph) => {
  if (attributes.subresource !== "status") return getOnly("pvc")(node, attributes, graph);
  if (!["update", "patch"].includes(attributes.verb)) return noOpinion("can only get/update/patch this type");
  return related("pvc")(node, attributes, graph);
};

const createToken: Rule = (node, attributes, graph) => {
  if (attributes.verb !== "create" || !attributes.name) return noOpinion("can only create tokens for individual service accounts");
  if (attributes.subresource !== "token") return noOpinion("can only create token subresource of serviceaccount");
  return related("serviceaccount")(node, attributes, graph);
};

const ownVerbs = ["get", "create", "update", "patch", "delete"];

const lease: Rule = (node, { verb, namespace, name }) => {
  if (!ownVerbs.includes(verb)) return noOpinion("can only get, create, update, patch, or delete a node lease");
  if (namespace !== "kube-node-lease") return noOpinion(`can only access leases in the "kube-node-lease" system namespace`);
  if (verb !== "create" && name !== node) return noOpinion("can only access node lease with the same name as the requesting node");
  return allow();
};

const csiNode: Rule = (node, { verb, subresource, name }) => {
  if (!ownVerbs.includes(verb)) return noOpinion("can only get, create, update, patch, or delete a CSINode");
  if (subresource) return noOpinion("cannot authorize CSINode subresources");
  if (verb !== "create" && name !== node) return noOpinion("can only access CSINode with the same name as the requesting node");
  return allow();
};

const selects = (attributes: Attributes, field: string, node: string): boolean =>
  (attributes.fieldRequirements ?? []).some((term) => term.field === field && term.operator === "=" && term.value === node);

const resourceSlice: Rule = (node, attributes, graph) => {
  if (attributes.subresource) return noOpinion("cannot authorize ResourceSlice subresources");
  switch (attributes.verb) {
    case "create":
      return allow();
    case "get":
    case "update":
    case "patch":
    case "delete":
      return related("resourceslice")(node, attributes, graph);
    case "watch":
    case "list":
    case "deletecollection":
      return selects(attributes, "spec.nodeName", node) || selects(attributes, "nodeName", node)
        ? allow()
        : noOpinion("can only list/watch/deletecollection resourceslices with nodeName field selector");
    default:
      return noOpinion(
        "only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection",
      );
  }
};

const ownNode: Rule = (node, { verb, subresource = "", name = "" }) => {
  if (subresource === "status" && ["update", "patch"].includes(verb)) return allow();
  if (subresource !== "") return noOpinion();
  if (["create", "update", "patch"].includes(verb)) return allow();
  if (!["get", "list", "watch"].includes(verb)) return noOpinion();
  if (name === node) return allow();
  return noOpinion(
    name === ""
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
};

const ownPods: Rule = (node, attributes, graph) => {
  const { verb, subresource = "" } = attributes;
  if (subresource === "status") return ["update", "patch"].includes(verb) ? allow() : noOpinion();
  if (subresource === "eviction") return verb === "create" ? allow() : noOpinion();
  if (subresource !== "") return noOpinion();
  switch (verb) {
    case "get":
      return related("pod")(node, attributes, graph);
    case "list":
    case "watch":
      if (selects(attributes, "spec.nodeName", node)) return allow();
      return attributes.name
        ? related("pod")(node, attributes, graph)
        : noOpinion("can only list/watch pods with spec.nodeName field selector");
    case "create":
    case "delete":
      return allow();
    default:
      return noOpinion();
  }
};

const byResource: Readonly<Record<string, Rule>> = {
  "/secrets": readNamespaced("secret"),
  "/configmaps": readNamespaced("configmap"),
  "/persistentvolumeclaims": claim,
  "/persistentvolumes": getOnly("pv"),
  "resource.k8s.io/resourceclaims": getOnly("resourceclaim"),
  "storage.k8s.io/volumeattachments": getOnly("volumeattachment"),
  "/serviceaccounts": createToken,
  "coordination.k8s.io/leases": lease,
  "storage.k8s.io/csinodes": csiNode,
  "resource.k8s.io/resourceslices": resourceSlice,
  "/nodes": ownNode,
  "/pods": ownPods,
};
