import { expect, test } from "vitest";
import type { UserInfo } from "../../operation.ts";
import type { Attributes } from "../authorizer.ts";
import { nodeAuthorizer } from "./node-authorizer.ts";
import { storedNodeGraph } from "./node-graph.ts";

const node = (name: string): UserInfo => ({ name: `system:node:${name}`, groups: ["system:nodes"] });

const pod = {
  metadata: { name: "web", namespace: "shop" },
  spec: {
    nodeName: "ann",
    serviceAccountName: "robot",
    containers: [{ name: "c", env: [{ valueFrom: { secretKeyRef: { name: "db" } } }], envFrom: [{ configMapRef: { name: "settings" } }] }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "disk" } }],
  },
};
const volume = {
  metadata: { name: "pv1" },
  spec: { claimRef: { namespace: "shop", name: "disk" }, csi: { nodeStageSecretRef: { namespace: "vault", name: "stage" } } },
};
const graph = storedNodeGraph({
  get: (_group, resource, _namespace, name) =>
    resource === "pods" && name === "web" ? pod : resource === "persistentvolumes" && name === "pv1" ? volume : undefined,
  list: (_group, resource) => (resource === "persistentvolumes" ? [volume] : []),
  podsOn: (name) => (name === "ann" ? [pod] : []),
});
const authorizer = nodeAuthorizer(graph, [{ verbs: ["get"], apiGroups: [""], resources: ["services"] }]);

const secret = { verb: "get", group: "", resource: "secrets", namespace: "shop" };

test.each<[string, string, Omit<Attributes, "user">, boolean]>([
  ["a secret that one of its pods refers to", "ann", { ...secret, name: "db" }, true],
  ["the same secret from another node", "bob", { ...secret, name: "db" }, false],
  ["a secret that no pod of its refers to", "ann", { ...secret, name: "other" }, false],
  ["all secrets", "ann", { ...secret, verb: "list" }, false],
  ["a config map of a pod's environment", "ann", { ...secret, resource: "configmaps", name: "settings" }, true],
  ["the volume behind a pod's claim", "ann", { verb: "get", group: "", resource: "persistentvolumes", name: "pv1" }, true],
  ["the secret that volume's driver needs", "ann", { ...secret, namespace: "vault", name: "stage" }, true],
  [
    "a token of its pod's service account",
    "ann",
    { verb: "create", group: "", resource: "serviceaccounts", subresource: "token", namespace: "shop", name: "robot" },
    true,
  ],
  [
    "its own lease",
    "ann",
    { verb: "update", group: "coordination.k8s.io", resource: "leases", namespace: "kube-node-lease", name: "ann" },
    true,
  ],
  [
    "another's lease",
    "ann",
    { verb: "update", group: "coordination.k8s.io", resource: "leases", namespace: "kube-node-lease", name: "bob" },
    false,
  ],
  ["its own Node", "ann", { verb: "get", group: "", resource: "nodes", name: "ann" }, true],
  ["all Nodes", "ann", { verb: "list", group: "", resource: "nodes" }, false],
  [
    "its own pods, selected",
    "ann",
    { verb: "watch", group: "", resource: "pods", fieldRequirements: [{ field: "spec.nodeName", operator: "=", value: "ann" }] },
    true,
  ],
  ["all pods", "ann", { verb: "watch", group: "", resource: "pods" }, false],
  ["what the role of nodes grants", "ann", { verb: "get", group: "", resource: "services", name: "x" }, true],
])("a node may read %s or not", (_what, name, asked, allowed) =>
  expect(authorizer.authorize({ user: node(name), ...asked }).decision).toBe(allowed ? "allow" : "no-opinion"),
);

test("who is no node is left to others", () => {
  expect(authorizer.authorize({ user: { name: "system:node:ann", groups: [] }, ...secret, name: "db" })).toEqual({
    decision: "no-opinion",
    reason: "",
  });
});
