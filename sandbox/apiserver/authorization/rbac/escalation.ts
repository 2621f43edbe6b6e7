import { forbidden, notFound, type GroupResource } from "../../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { Operation, UserInfo } from "../../operation.ts";
import type { Authorizer } from "../authorizer.ts";
import { compactRules, describeRule, missingRules, quotedList } from "./covers.ts";
import type { BindingLike, RoleLike } from "./policy-objects.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { rulesFor, rulesOf, type PolicySource } from "./rule-resolver.ts";

const group = "rbac.authorization.k8s.io";

const fullAuthority: readonly PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

/** A write to roles or bindings, after the request's object has been prepared. */
export interface PolicyWrite {
  readonly operation: Pick<Operation, "resource" | "namespace" | "name" | "user">;
  readonly next: AnyObject;
  readonly previous: AnyObject | undefined;
}

/**
 * Nobody grants what they do not hold (upstream's policy-based storage): refuses a role with rules beyond the user's own, unless the user may `escalate`
 * it, and a binding to such a role, unless the user may `bind` it. Throws 403; 404 where a binding's role is missing.
 */
export const checkEscalation = ({ operation, next, previous }: PolicyWrite, source: PolicySource, authorizer: Authorizer): void => {
  const { resource, user } = operation;
  if (user.groups.includes("system:masters")) return;
  if (previous && onlyForGarbageCollection(next, previous)) return;
  const write = { of: { group, resource }, user, namespace: operation.namespace ?? "", name: next.metadata.name ?? "", source };
  if (resource === "roles" || resource === "clusterroles") {
    const attributes = { user, verb: "escalate", group, resource, name: operation.name ?? "", namespace: operation.namespace };
    if (authorizer.authorize(attributes).decision === "allow") return;
    const role = next as RoleLike & { readonly aggregationRule?: { readonly clusterRoleSelectors?: readonly unknown[] } };
    confirmNoEscalation(write, role.rules ?? []);
    if (resource === "clusterroles" && role.aggregationRule?.clusterRoleSelectors?.length)
      confirmNoEscalation(write, fullAuthority, "must have cluster-admin privileges to use the aggregationRule");
    return;
  }
  const { roleRef } = next as unknown as BindingLike;
  const attributes = {
    user,
    verb: "bind",
    group: roleRef.apiGroup ?? "",
    resource: roleRef.kind === "ClusterRole" ? "clusterroles" : "roles",
    name: roleRef.name,
    namespace: operation.namespace,
  };
  if (authorizer.authorize(attributes).decision === "allow") return;
  const rules = rulesOf(source, roleRef, operation.namespace ?? "");
  if (!rules) throw notFound({ group, resource }, roleRef.name);
  confirmNoEscalation(write, rules);
};

interface Checked {
  readonly of: GroupResource;
  readonly user: UserInfo;
  readonly namespace: string;
  readonly name: string;
  readonly source: PolicySource;
}

const confirmNoEscalation = ({ of, user, namespace, name, source }: Checked, wanted: readonly PolicyRule[], words?: string): void => {
  const { rules, errors } = rulesFor(source, user, namespace);
  const missing = missingRules(rules, wanted);
  if (missing.length === 0) return;
  const described = [...new Set(compactRules(missing).map(describeRule))].sort();
  const unresolved = errors.length === 0 ? "" : `; resolution errors: [${errors.join(", ")}]`;
  throw forbidden(
    of,
    name,
    words ??
      `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${described.join("\n")}${unresolved}`,
  );
};

/** Upstream's IsOnlyMutatingGCFields: the garbage collector may take finalizers and owners away whatever it may grant. */
const onlyForGarbageCollection = (next: AnyObject, previous: AnyObject): boolean => {
  const strip = ({
    metadata: { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...metadata },
    ...rest
  }: AnyObject): string => JSON.stringify(sorted({ ...rest, metadata }));
  return strip(next) === strip(previous);
};

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
};
