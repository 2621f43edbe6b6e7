import { parse } from "yaml";
import type { UserInfo } from "../operation.ts";
import type { RequestInfo } from "../server/request-info.ts";

/** How much of a request is written down. */
export type Level = "None" | "Metadata" | "Request" | "RequestResponse";
export type Stage = "RequestReceived" | "ResponseStarted" | "ResponseComplete" | "Panic";

const levels: readonly Level[] = ["None", "Metadata", "Request", "RequestResponse"];
const stages: readonly Stage[] = ["RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"];

interface PolicyRule {
  readonly level: Level;
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly {
    readonly group?: string;
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

/** A Policy of audit.k8s.io/v1. */
export interface AuditPolicy {
  readonly rules: readonly PolicyRule[];
  readonly omitStages?: readonly Stage[];
  readonly omitManagedFields?: boolean;
}

/** What a policy wants of one request. */
export interface AuditConfig {
  readonly level: Level;
  readonly omitStages: readonly Stage[];
  readonly omitManagedFields: boolean;
}

/** Reads a policy file, YAML or JSON. Throws an Error of one line for what is none. */
export const parseAuditPolicy = (text: string): AuditPolicy => {
  const policy = documentOf(text);
  const { apiVersion, kind, rules } = policy as { readonly apiVersion?: unknown; readonly kind?: unknown; readonly rules?: unknown };
  if (apiVersion !== "audit.k8s.io/v1" || kind !== "Policy")
    throw new Error(`a Policy of audit.k8s.io/v1 is wanted, not ${JSON.stringify(kind ?? "")} of ${JSON.stringify(apiVersion ?? "")}`);
  const all = (rules ?? []) as readonly unknown[];
  if (!Array.isArray(all) || all.length === 0) throw new Error("loaded illegal policy with 0 rules");
  checkStages("omitStages", policy["omitStages"]);
  for (const [at, rule] of all.entries()) checkRule(`rules[${String(at)}]`, rule);
  return policy as unknown as AuditPolicy;
};

/** The first rule that matches says how much; nothing is written of what none matches. Upstream's EvaluatePolicyRule. */
export const evaluate = (policy: AuditPolicy, user: UserInfo | undefined, info: RequestInfo): AuditConfig => {
  const rule = policy.rules.find((each) => isMatch(each, user, info));
  if (!rule) return { level: "None", omitStages: policy.omitStages ?? [], omitManagedFields: policy.omitManagedFields ?? false };
  return {
    level: rule.level,
    omitStages: [...(policy.omitStages ?? []), ...(rule.omitStages ?? [])],
    omitManagedFields: rule.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
};

const given = <T>(list: readonly T[] | undefined): list is readonly T[] => list !== undefined && list.length > 0;

const isMatch = (rule: PolicyRule, user: UserInfo | undefined, info: RequestInfo): boolean => {
  if (given(rule.users) && !(user && rule.users.includes(user.name))) return false;
  if (given(rule.userGroups) && !user?.groups.some((group) => rule.userGroups?.includes(group))) return false;
  if (given(rule.verbs) && !rule.verbs.includes(info.verb)) return false;
  if (given(rule.namespaces) || given(rule.resources)) return info.isResource && isMatchingResource(rule, info);
  if (given(rule.nonResourceURLs)) return !info.isResource && rule.nonResourceURLs.some((each) => isMatchingPath(each, info.path));
  return true;
};

const isMatchingResource = (
  { namespaces, resources }: PolicyRule,
  { group, resource, subresource, namespace, name }: RequestInfo,
): boolean => {
  if (given(namespaces) && !namespaces.includes(namespace)) return false;
  if (!given(resources)) return true;
  const combined = subresource === "" ? resource : `${resource}/${subresource}`;
  const isNamed = (pattern: string): boolean =>
    pattern === "*" || pattern === combined || pattern === `${resource}/*` || (subresource !== "" && pattern === `*/${subresource}`);
  return resources.some(
    (each) =>
      (each.group ?? "") === group &&
      (!given(each.resources) || ((!given(each.resourceNames) || each.resourceNames.includes(name)) && each.resources.some(isNamed))),
  );
};

const isMatchingPath = (pattern: string, path: string): boolean =>
  pattern === "*" || pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1)));

const documentOf = (text: string): Readonly<Record<string, unknown>> => {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new Error(`it is no YAML: ${firstLine(error)}`, { cause: error });
  }
  if (!isObject(value)) throw new Error("it holds no object");
  return value;
};

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const checkStages = (path: string, value: unknown): void => {
  for (const [at, stage] of textsAt(path, value).entries())
    if (!stages.includes(stage as Stage))
      throw new Error(`${path}[${String(at)}]: Invalid value: ${JSON.stringify(stage)}: allowed stages are ${stages.join(",")}`);
};

const textLists = ["users", "userGroups", "verbs", "namespaces", "nonResourceURLs"] as const;

const checkRule = (path: string, rule: unknown): void => {
  if (!isObject(rule)) throw new Error(`${path}: must be an object`);
  if (!levels.includes(rule["level"] as Level))
    throw new Error(
      `${path}.level: Unsupported value: ${JSON.stringify(rule["level"] ?? "")}: supported values: ${levels.map((each) => `"${each}"`).join(", ")}`,
    );
  for (const name of textLists) textsAt(`${path}.${name}`, rule[name]);
  checkStages(`${path}.omitStages`, rule["omitStages"]);
  const paths = textsAt(`${path}.nonResourceURLs`, rule["nonResourceURLs"]);
  const resources = rule["resources"] ?? [];
  if (!Array.isArray(resources)) throw new Error(`${path}.resources: must be a list`);
  for (const [at, each] of (resources as readonly unknown[]).entries()) {
    const own = `${path}.resources[${String(at)}]`;
    if (!isObject(each)) throw new Error(`${own}: must be an object`);
    const names = textsAt(`${own}.resourceNames`, each["resourceNames"]);
    if (names.length > 0 && textsAt(`${own}.resources`, each["resources"]).length === 0)
      throw new Error(`${own}.resourceNames: Invalid value: using resourceNames requires at least one resource`);
  }
  if (paths.length > 0 && (resources.length > 0 || textsAt(path, rule["namespaces"]).length > 0))
    throw new Error(`${path}.nonResourceURLs: Invalid value: rules cannot apply to both regular resources and non-resource URLs`);
};

const textsAt = (path: string, value: unknown): readonly string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw new Error(`${path}: must be a list of text`);
  return value;
};
