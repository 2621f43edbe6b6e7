import type { UserInfo } from "../../operation.ts";
import { appliesTo, type BindingLike, type RoleLike, type RoleRef, type Subject } from "./policy-objects.ts";
import type { PolicyRule } from "./policy-rule.ts";

/** Where roles and bindings are looked up: mirrors of what is stored. */
export interface PolicySource {
  clusterRole(name: string): RoleLike | undefined;
  role(namespace: string, name: string): RoleLike | undefined;
  clusterRoleBindings(): Iterable<BindingLike>;
  roleBindings(namespace: string): Iterable<BindingLike>;
}

/** A rule that a user holds, and by which binding. */
export interface HeldRule {
  readonly rule: PolicyRule;
  readonly binding: BindingLike;
  readonly subject: Subject;
}

/** A role that a binding names and that is not there. */
export const missingRole = ({ kind, name }: RoleRef): string =>
  `${kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(name)} not found`;

/** The rules behind a reference, or undefined where the role does not exist. */
export const rulesOf = (source: PolicySource, { kind, name }: RoleRef, namespace: string): readonly PolicyRule[] | undefined => {
  const role = kind === "ClusterRole" ? source.clusterRole(name) : source.role(namespace, name);
  return role && (role.rules ?? []);
};

/**
 * Calls `visit` with each rule the user holds in the namespace (cluster-wide only, when empty) until it answers false; `onError` is told of
 * bindings whose role is missing. Upstream's `VisitRulesFor`.
 */
export const visitRules = (
  source: PolicySource,
  user: UserInfo,
  namespace: string,
  visit: (held: HeldRule) => boolean,
  onError: (error: string) => void = () => {},
): void => {
  const visitBinding = (binding: BindingLike, bindingNamespace: string): boolean => {
    const subject = binding.subjects?.find((each) => appliesTo(each, user, bindingNamespace));
    if (!subject) return true;
    const rules = rulesOf(source, binding.roleRef, bindingNamespace);
    if (!rules) onError(missingRole(binding.roleRef));
    return (rules ?? []).every((rule) => visit({ rule, binding, subject }));
  };
  for (const binding of source.clusterRoleBindings()) if (!visitBinding(binding, "")) return;
  if (namespace === "") return;
  for (const binding of source.roleBindings(namespace)) if (!visitBinding(binding, namespace)) return;
};

/** Every rule the user holds in the namespace, and what could not be resolved. */
export const rulesFor = (source: PolicySource, user: UserInfo, namespace: string): { rules: PolicyRule[]; errors: string[] } => {
  const rules: PolicyRule[] = [];
  const errors: string[] = [];
  visitRules(
    source,
    user,
    namespace,
    ({ rule }) => rules.push(rule) > 0,
    (error) => errors.push(error),
  );
  return { rules, errors };
};
