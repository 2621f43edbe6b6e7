import type { ClusterRole, PolicyRule } from "../../../api/types.ts";
import { validateLabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import { goStrings, invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";

/** ValidatePolicyRule: resources or URLs, never both; URLs in cluster roles alone. */
export const addPolicyRuleErrors = (errors: FieldError[], rule: PolicyRule, namespaced: boolean, path: string): void => {
  const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } = rule;
  if (isEmpty(verbs)) errors.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (!isEmpty(nonResourceURLs)) {
    const refuse = (detail: string): number => errors.push(invalidValue(`${path}.nonResourceURLs`, goStrings(nonResourceURLs), detail));
    if (namespaced) refuse("namespaced rules cannot apply to non-resource URLs");
    if (!isEmpty(apiGroups) || !isEmpty(resources) || !isEmpty(resourceNames))
      refuse("rules cannot apply to both regular resources and non-resource URLs");
    return;
  }
  if (isEmpty(apiGroups)) errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (isEmpty(resources)) errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
};

const isEmpty = (list: readonly string[] | null | undefined): boolean => (list ?? []).length === 0;

export const ruleErrors = (rules: readonly PolicyRule[] | null | undefined, namespaced: boolean): FieldError[] => {
  const errors: FieldError[] = [];
  for (const [at, rule] of (rules ?? []).entries()) addPolicyRuleErrors(errors, rule, namespaced, `rules[${at}]`);
  return errors;
};

/** ValidateClusterRole, without the metadata: a role that is put together from others must say from which. */
export const clusterRoleErrors = ({ rules, aggregationRule }: ClusterRole): FieldError[] => {
  const errors = ruleErrors(rules, false);
  if (!aggregationRule) return errors;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  const path = "aggregationRule.clusterRoleSelectors";
  if (selectors.length === 0) errors.push(required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
  for (const [at, selector] of selectors.entries()) {
    const own = validateLabelSelector(selector, `${path}[${at}]`);
    errors.push(...own);
    if (own.length > 0) errors.push(invalidValue(`${path}[${at}]`, "null", "invalid label selector."));
  }
  return errors;
};
