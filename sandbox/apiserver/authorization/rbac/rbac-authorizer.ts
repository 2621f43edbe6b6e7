import { allow, noOpinion, type Authorizer } from "../authorizer.ts";
import type { BindingLike, Subject } from "./policy-objects.ts";
import { ruleAllows } from "./policy-rule.ts";
import { rulesFor, visitRules, type HeldRule, type PolicySource } from "./rule-resolver.ts";

/** Role-based access control over what is stored in rbac.authorization.k8s.io. */
export const rbacAuthorizer = (source: PolicySource): Authorizer => ({
  authorize(attributes) {
    const found: HeldRule[] = [];
    const errors: string[] = [];
    visitRules(
      source,
      attributes.user,
      attributes.namespace ?? "",
      (held) => !(ruleAllows(held.rule, attributes) && found.push(held)),
      (error) => errors.push(error),
    );
    const held = found[0];
    if (held) return allow(`RBAC: allowed by ${describeBinding(held.binding, held.subject)}`);
    return noOpinion(errors.length === 0 ? "" : `RBAC: ${aggregated(errors)}`);
  },

  rulesFor(user, namespace) {
    const { rules, errors } = rulesFor(source, user, namespace);
    return {
      resourceRules: rules
        .filter(({ resources }) => resources?.length)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups,
          resources,
          ...(resourceNames?.length && { resourceNames }),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs?.length)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
      evaluationErrors: errors.length === 0 ? [] : [aggregated(errors)],
    };
  },
});

/** Go's aggregate of errors: one stands alone, several in brackets, each once. */
const aggregated = (errors: readonly string[]): string => {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? (distinct[0] ?? "") : `[${distinct.join(", ")}]`;
};

const describeBinding = ({ metadata, roleRef, kind }: BindingLike, subject: Subject): string => {
  const namespace = metadata.namespace ?? "";
  const name = namespace === "" ? metadata.name : `${metadata.name ?? ""}/${namespace}`;
  const word = kind ?? (namespace === "" ? "ClusterRoleBinding" : "RoleBinding");
  return `${word} ${JSON.stringify(name)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)} to ${describeSubject(subject, namespace)}`;
};

const describeSubject = ({ kind, name, namespace }: Subject, bindingNamespace: string): string =>
  `${kind} ${JSON.stringify(kind === "ServiceAccount" ? `${name}/${namespace || bindingNamespace}` : name)}`;
