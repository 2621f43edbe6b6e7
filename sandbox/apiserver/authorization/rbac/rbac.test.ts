import { describe, expect, test } from "vitest";
import type { UserInfo } from "../../operation.ts";
import type { Attributes } from "../authorizer.ts";
import { defaultPolicy } from "./bootstrap-policy/default-policy.ts";
import { compactRules, describeRule, missingRules } from "./covers.ts";
import { checkEscalation } from "./escalation.ts";
import type { BindingLike, RoleLike } from "./policy-objects.ts";
import { ruleAllows, type PolicyRule } from "./policy-rule.ts";
import { rbacAuthorizer } from "./rbac-authorizer.ts";
import type { PolicySource } from "./rule-resolver.ts";

const ann: UserInfo = { name: "ann", groups: ["crew", "system:authenticated"] };
const asks = (asked: Partial<Attributes>): Attributes => ({ user: ann, verb: "get", group: "", resource: "pods", ...asked });
const reader: PolicyRule = { verbs: ["get", "list"], apiGroups: [""], resources: ["pods", "*/scale"] };

test.each<[string, PolicyRule, Partial<Attributes>, boolean]>([
  ["a verb that is listed", reader, { verb: "list" }, true],
  ["a verb that is not", reader, { verb: "delete" }, false],
  ["another group", reader, { group: "apps" }, false],
  ["a subresource is not its resource", reader, { subresource: "log" }, false],
  ["*/scale is that subresource of every resource", reader, { resource: "replicationcontrollers", subresource: "scale" }, true],
  [
    "* is everything",
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { resource: "secrets", subresource: "x", verb: "escalate" },
    true,
  ],
  ["a name that is listed", { ...reader, resourceNames: ["web"] }, { name: "web" }, true],
  ["no name where names are listed", { ...reader, resourceNames: ["web"] }, { verb: "list" }, false],
  ["a path", { verbs: ["get"], nonResourceURLs: ["/healthz"] }, { resource: undefined, path: "/healthz" }, true],
  ["a path below one with a star", { verbs: ["get"], nonResourceURLs: ["/custom/*"] }, { resource: undefined, path: "/custom/x/y" }, true],
  [
    "a rule on resources allows no path",
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
    { resource: undefined, path: "/metrics" },
    false,
  ],
])("a rule allows %s or not", (_what, rule, asked, allowed) => expect(ruleAllows(rule, asks(asked))).toBe(allowed));

describe("what one may grant", () => {
  test("rules are covered in parts by several others", () => {
    const held: PolicyRule[] = [
      { verbs: ["get"], apiGroups: [""], resources: ["pods", "services"] },
      { verbs: ["list"], apiGroups: [""], resources: ["*"] },
    ];
    expect(missingRules(held, [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }])).toEqual([]);
    expect(missingRules(held, [{ verbs: ["get"], apiGroups: ["", "apps"], resources: ["pods"] }])).toEqual([
      { verbs: ["get"], apiGroups: ["apps"], resources: ["pods"] },
    ]);
  });

  test("rights on one name do not cover the rest", () => {
    const held: PolicyRule[] = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["web"] }];
    expect(missingRules(held, [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }])).toHaveLength(1);
  });

  test("what is missing is told briefly", () => {
    const missing = missingRules([], [{ verbs: ["get", "list"], apiGroups: ["apps"], resources: ["deployments"] }]);
    expect(compactRules(missing).map(describeRule)).toEqual(['{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}']);
  });
});

const policy = (roles: readonly RoleLike[], bindings: readonly BindingLike[]): PolicySource => ({
  clusterRole: (name) => roles.find(({ kind, metadata }) => kind === "ClusterRole" && metadata.name === name),
  role: (namespace, name) =>
    roles.find(({ kind, metadata }) => kind === "Role" && metadata.name === name && metadata.namespace === namespace),
  clusterRoleBindings: () => bindings.filter(({ metadata }) => metadata.namespace === undefined),
  roleBindings: (namespace) => bindings.filter(({ metadata }) => metadata.namespace === namespace),
});

const viewRole: RoleLike = { kind: "ClusterRole", metadata: { name: "view" }, rules: [reader] };
const inShop = (subject: BindingLike["subjects"], name = "view"): BindingLike => ({
  kind: "RoleBinding",
  metadata: { name: "b", namespace: "shop" },
  roleRef: { kind: "ClusterRole", name },
  subjects: subject,
});

describe("bindings", () => {
  test("hold within their namespace, and the decision names the binding", () => {
    const authorizer = rbacAuthorizer(policy([viewRole], [inShop([{ kind: "User", name: "ann" }])]));
    expect(authorizer.authorize(asks({ namespace: "shop" }))).toEqual({
      decision: "allow",
      reason: 'RBAC: allowed by RoleBinding "b/shop" of ClusterRole "view" to User "ann"',
    });
    expect(authorizer.authorize(asks({ namespace: "other" })).decision).toBe("no-opinion");
  });

  test("hold for groups and for service accounts of the binding's own namespace", () => {
    const toGroup = rbacAuthorizer(policy([viewRole], [inShop([{ kind: "Group", name: "crew" }])]));
    expect(toGroup.authorize(asks({ namespace: "shop" })).decision).toBe("allow");
    const toAccount = rbacAuthorizer(policy([viewRole], [inShop([{ kind: "ServiceAccount", name: "robot" }])]));
    expect(toAccount.authorize(asks({ namespace: "shop", user: { name: "system:serviceaccount:shop:robot", groups: [] } })).decision).toBe(
      "allow",
    );
  });

  test("to a role that is missing grant nothing, and say so", () => {
    const authorizer = rbacAuthorizer(policy([], [inShop([{ kind: "User", name: "ann" }])]));
    expect(authorizer.authorize(asks({ namespace: "shop" }))).toEqual({
      decision: "no-opinion",
      reason: 'RBAC: clusterrole.rbac.authorization.k8s.io "view" not found',
    });
  });
});

test("a binding to a role with rights beyond one's own is refused, unless one may bind it", () => {
  const source = policy([viewRole], []);
  const write = { operation: { resource: "rolebindings", namespace: "shop", user: ann }, next: inShop([]) as never, previous: undefined };
  const nobody = { authorize: () => ({ decision: "no-opinion", reason: "" }) as const };
  const binder = {
    authorize: ({ verb, name }: Attributes) =>
      ({ decision: verb === "bind" && name === "view" ? "allow" : "no-opinion", reason: "" }) as const,
  };
  expect(() => checkEscalation(write, source, nobody)).toThrow(
    /user "ann" \(groups=\["crew" "system:authenticated"\]\) is attempting to grant RBAC permissions not currently held/,
  );
  expect(() => checkEscalation(write, source, binder)).not.toThrow();
});

describe("the default policy", () => {
  const named = (kind: string, name: string): RoleLike =>
    defaultPolicy().find((object) => object.kind === kind && object.metadata.name === name) as unknown as RoleLike;

  test("gives administrators everything", () => {
    expect(named("ClusterRole", "cluster-admin").rules).toEqual([
      { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
      { verbs: ["*"], nonResourceURLs: ["*"] },
    ]);
  });

  test("has its aggregated roles complete: admin holds what edit holds, and edit what view holds", () => {
    const rules = (name: string): readonly PolicyRule[] => named("ClusterRole", name).rules ?? [];
    expect(missingRules(rules("admin"), rules("edit"))).toEqual([]);
    expect(missingRules(rules("edit"), rules("view"))).toEqual([]);
    expect(rules("view").some((rule) => rule.resources?.includes("secrets"))).toBe(false);
  });

  test("binds each controller's role to its service account", () => {
    const binding = named("ClusterRoleBinding", "system:controller:replicaset-controller") as unknown as BindingLike;
    expect(binding.subjects).toEqual([{ kind: "ServiceAccount", name: "replicaset-controller", namespace: "kube-system" }]);
  });
});
