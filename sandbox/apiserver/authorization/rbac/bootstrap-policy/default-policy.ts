import type { AnyObject } from "../../../../apimachinery/meta/types.ts";
import type { PolicyRule } from "../policy-rule.ts";
import { clusterRoleBindings, controllerBinding, roleBindings, type DefaultBinding } from "./bindings.ts";
import { clusterRoles } from "./cluster-roles.ts";
import { controllerRoles } from "./controller-roles.ts";
import { dynamicResourceRoles } from "./dynamic-resource-roles.ts";
import { parseRoles, type ParsedRole } from "./parse-roles.ts";
import { roles } from "./roles.ts";

const group = "rbac.authorization.k8s.io";
const apiVersion = `${group}/v1`;
const aggregateTo = (name: string): string => `${group}/aggregate-to-${name}`;

/** Roles that are put together from others, and what they are themselves part of. */
const aggregated = [
  { name: "view", partOf: "edit" },
  { name: "edit", partOf: "admin" },
  { name: "admin", partOf: undefined },
];

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}, namespace?: string) => ({
  name,
  ...(namespace !== undefined && { namespace }),
  labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
  annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
});

const clusterRole = (
  name: string,
  rules: readonly PolicyRule[],
  labels?: Readonly<Record<string, string>>,
  more: object = {},
): AnyObject => ({
  kind: "ClusterRole",
  apiVersion,
  metadata: metadata(name, labels),
  ...more,
  rules,
});

/**
 * The roles and bindings that every cluster starts with (upstream's bootstrap policy), aggregated roles complete. `enabled` answers whether a feature is
 * on; none is when it is absent.
 */
export const defaultPolicy = (enabled?: (feature: string) => boolean): readonly AnyObject[] => {
  const controllers = parseRoles(controllerRoles);
  const more = enabled?.("DynamicResourceAllocation") ? parseRoles(dynamicResourceRoles) : [];
  const plain = [...parseRoles(clusterRoles).map((role) => withMore(role, more)), ...controllers];
  return [
    ...plain.map(({ name, rules }) => clusterRole(name, rules, partLabel(name))),
    ...aggregatedRoles(plain),
    ...clusterRoleBindings.map((each) => binding("ClusterRoleBinding", each)),
    ...controllers.map(({ name }) => binding("ClusterRoleBinding", controllerBinding(name))),
    ...parseRoles(roles).map(roleOf),
    ...roleBindings.map((each) => binding("RoleBinding", each)),
  ];
};

const withMore = ({ name, rules }: ParsedRole, more: readonly ParsedRole[]): ParsedRole => ({
  name,
  rules: [...rules, ...(more.find((role) => role.name === name)?.rules ?? [])],
});

/** The rules of the role `system:node`: what the node authorizer grants every node alike. */
export const nodeRules = (): readonly PolicyRule[] => parseRoles(clusterRoles).find(({ name }) => name === "system:node")?.rules ?? [];

const partLabel = (name: string): Readonly<Record<string, string>> => {
  const whole = aggregated.find((each) => name === `system:aggregate-to-${each.name}`);
  return whole ? { [aggregateTo(whole.name)]: "true" } : {};
};

/** As the aggregation controller would: the rules of all parts, by the parts' names, each once. */
const aggregatedRoles = (plain: readonly ParsedRole[]): readonly AnyObject[] => {
  const known = new Map(plain.map(({ name, rules }) => [name, rules]));
  return aggregated.map(({ name, partOf }) => {
    const parts = [...aggregated.filter((each) => each.partOf === name).map((each) => each.name), `system:aggregate-to-${name}`].sort();
    const rules = distinct(parts.flatMap((part) => known.get(part) ?? []));
    known.set(name, rules);
    const labels = partOf === undefined ? {} : { [aggregateTo(partOf)]: "true" };
    return clusterRole(name, rules, labels, {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregateTo(name)]: "true" } }] },
    });
  });
};

const distinct = (rules: readonly PolicyRule[]): readonly PolicyRule[] => [
  ...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values(),
];

const roleOf = ({ name, rules }: ParsedRole): AnyObject => {
  const [namespace = "", short = ""] = name.split("/");
  return { kind: "Role", apiVersion, metadata: metadata(short, {}, namespace), rules };
};

const binding = (kind: string, { name, namespace, roleRef, subjects }: DefaultBinding): AnyObject => ({
  kind,
  apiVersion,
  metadata: metadata(name, {}, namespace),
  roleRef,
  ...(subjects && { subjects }),
});
