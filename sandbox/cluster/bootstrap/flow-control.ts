import type { AnyObject } from "../../apimachinery/meta/types.ts";

const apiVersion = "flowcontrol.apiserver.k8s.io/v1";
const metadata = (name: string) => ({ name, annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } });

const level = (name: string, spec: object): AnyObject => ({
  kind: "PriorityLevelConfiguration",
  apiVersion,
  metadata: metadata(name),
  spec,
});

const queued = (
  name: string,
  nominalConcurrencyShares: number,
  [queues, handSize]: readonly [number, number],
  lendablePercent: number,
): AnyObject =>
  level(name, {
    type: "Limited",
    limited: {
      nominalConcurrencyShares,
      limitResponse: { type: "Queue", queuing: { queues, handSize, queueLengthLimit: 50 } },
      lendablePercent,
    },
  });

/** API Priority and Fairness: the levels that every cluster has. `apiserver/flowcontrol` answers requests by them. */
export const priorityLevels = (): readonly AnyObject[] => [
  level("exempt", { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  level("catch-all", { type: "Limited", limited: { nominalConcurrencyShares: 5, limitResponse: { type: "Reject" }, lendablePercent: 0 } }),
  queued("system", 30, [64, 6], 33),
  queued("node-high", 40, [64, 6], 25),
  queued("leader-election", 10, [16, 4], 0),
  queued("workload-high", 40, [128, 6], 50),
  queued("workload-low", 100, [128, 6], 90),
  queued("global-default", 20, [128, 6], 50),
];

const group = (name: string) => ({ kind: "Group", group: { name } });
const user = (name: string) => ({ kind: "User", user: { name } });
const account = (name: string) => ({ kind: "ServiceAccount", serviceAccount: { namespace: "kube-system", name } });

const resources = (verbs: readonly string[], apiGroup: string, names: readonly string[], clusterScope = false) => ({
  verbs,
  apiGroups: [apiGroup],
  resources: names,
  ...(clusterScope && { clusterScope }),
  namespaces: ["*"],
});
const everything = { resourceRules: [resources(["*"], "*", ["*"], true)], nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }] };
const locks = ["get", "create", "update"];

const schema = (name: string, priorityLevel: string, matchingPrecedence: number, by: string | undefined, rule: object): AnyObject => ({
  kind: "FlowSchema",
  apiVersion,
  metadata: metadata(name),
  spec: {
    priorityLevelConfiguration: { name: priorityLevel },
    matchingPrecedence,
    ...(by !== undefined && { distinguisherMethod: { type: by } }),
    rules: [rule],
  },
});

const everybody = [group("system:unauthenticated"), group("system:authenticated")];

/** API Priority and Fairness: which requests go to which level. */
export const flowSchemas = (): readonly AnyObject[] => [
  schema("exempt", "exempt", 1, undefined, { subjects: [group("system:masters")], ...everything }),
  schema("probes", "exempt", 2, undefined, {
    subjects: everybody,
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
  }),
  schema("system-leader-election", "leader-election", 100, "ByUser", {
    subjects: [user("system:kube-controller-manager"), user("system:kube-scheduler"), account("*")],
    resourceRules: [resources(locks, "coordination.k8s.io", ["leases"])],
  }),
  schema("endpoint-controller", "workload-high", 150, "ByUser", {
    subjects: [user("system:kube-controller-manager"), account("endpoint-controller"), account("endpointslicemirroring-controller")],
    resourceRules: [resources(locks, "", ["endpoints"])],
  }),
  schema("workload-leader-election", "leader-election", 200, "ByUser", {
    subjects: [account("*")],
    resourceRules: [resources(locks, "", ["endpoints", "configmaps"]), resources(locks, "coordination.k8s.io", ["leases"])],
  }),
  schema("system-node-high", "node-high", 400, "ByUser", {
    subjects: [group("system:nodes")],
    resourceRules: [resources(["*"], "", ["nodes", "nodes/status"], true), resources(["*"], "coordination.k8s.io", ["leases"])],
  }),
  schema("system-nodes", "system", 500, "ByUser", { subjects: [group("system:nodes")], ...everything }),
  schema("kube-controller-manager", "workload-high", 800, "ByNamespace", {
    subjects: [user("system:kube-controller-manager")],
    ...everything,
  }),
  schema("kube-scheduler", "workload-high", 800, "ByNamespace", { subjects: [user("system:kube-scheduler")], ...everything }),
  schema("kube-system-service-accounts", "workload-high", 900, "ByNamespace", { subjects: [account("*")], ...everything }),
  schema("service-accounts", "workload-low", 9000, "ByUser", { subjects: [group("system:serviceaccounts")], ...everything }),
  schema("global-default", "global-default", 9900, "ByUser", { subjects: everybody, ...everything }),
  schema("catch-all", "catch-all", 10000, "ByUser", { subjects: everybody, ...everything }),
];
