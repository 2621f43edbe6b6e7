import type { Attributes } from "../authorizer.ts";

/** rbac.authorization.k8s.io/v1 PolicyRule. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const none: readonly string[] = [];
const hasOrAll = (held: readonly string[] | undefined, wanted: string): boolean =>
  held !== undefined && (held.includes("*") || held.includes(wanted));

/** Upstream's `RuleAllows`. */
export const ruleAllows = (rule: PolicyRule, attributes: Attributes): boolean => {
  const { verb, group, resource, subresource, name, path } = attributes;
  if (!hasOrAll(rule.verbs, verb)) return false;
  if (resource === undefined) return (rule.nonResourceURLs ?? none).some((url) => urlMatches(url, path ?? ""));
  return (
    hasOrAll(rule.apiGroups, group ?? "") &&
    resourceMatches(rule.resources ?? none, resource, subresource) &&
    nameMatches(rule.resourceNames, name ?? "")
  );
};

/** `*` is every resource and subresource, `pods/log` just that, `*\/scale` that subresource of every resource. */
const resourceMatches = (held: readonly string[], resource: string, subresource: string | undefined): boolean => {
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return held.some(
    (each) => each === "*" || each === combined || (subresource !== undefined && subresource !== "" && each === `*/${subresource}`),
  );
};

const nameMatches = (held: readonly string[] | undefined, name: string): boolean =>
  held === undefined || held.length === 0 || held.includes(name);

/** `/metrics` just that path; `/healthz/*` whatever begins so. */
export const urlMatches = (held: string, path: string): boolean => {
  if (held === "*" || held === path) return true;
  return held.endsWith("*") && path.startsWith(held.replace(/\*+$/, ""));
};
