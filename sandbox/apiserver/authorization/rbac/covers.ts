import type { PolicyRule } from "./policy-rule.ts";

/** The parts of `wanted` that `held` does not grant: upstream's `validation.Covers`. */
export const missingRules = (held: readonly PolicyRule[], wanted: readonly PolicyRule[]): PolicyRule[] =>
  wanted.flatMap(atomsOf).filter((atom) => !held.some((rule) => covers(rule, atom)));

/** A rule taken apart into rules for one verb on one resource (and name), or one verb on one path. */
const atomsOf = (rule: PolicyRule): PolicyRule[] => {
  const atoms: PolicyRule[] = [];
  for (const group of rule.apiGroups ?? [])
    for (const resource of rule.resources ?? [])
      for (const verb of rule.verbs) {
        const atom = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (rule.resourceNames?.length) for (const name of rule.resourceNames) atoms.push({ ...atom, resourceNames: [name] });
        else atoms.push(atom);
      }
  for (const url of rule.nonResourceURLs ?? []) for (const verb of rule.verbs) atoms.push({ nonResourceURLs: [url], verbs: [verb] });
  return atoms;
};

const hasAll = (held: readonly string[] = [], wanted: readonly string[] = []): boolean => wanted.every((each) => held.includes(each));
const hasAllOrStar = (held: readonly string[] = [], wanted: readonly string[] = []): boolean => held.includes("*") || hasAll(held, wanted);

const covers = (held: PolicyRule, wanted: PolicyRule): boolean =>
  hasAllOrStar(held.verbs, wanted.verbs) &&
  hasAllOrStar(held.apiGroups, wanted.apiGroups) &&
  (wanted.resources ?? []).every((resource) => coversResource(held.resources ?? [], resource)) &&
  (wanted.nonResourceURLs ?? []).every((url) => (held.nonResourceURLs ?? []).some((each) => coversUrl(each, url))) &&
  (!held.resourceNames?.length || (Boolean(wanted.resourceNames?.length) && hasAll(held.resourceNames, wanted.resourceNames)));

const coversResource = (held: readonly string[], wanted: string): boolean => {
  if (held.includes("*") || held.includes(wanted)) return true;
  const slash = wanted.indexOf("/");
  return slash >= 0 && held.includes(`*/${wanted.slice(slash + 1)}`);
};

const coversUrl = (held: string, wanted: string): boolean =>
  held === "*" || held === wanted || (held.endsWith("*") && wanted.startsWith(held.slice(0, -1)));

/** Rules for the same single resource drawn together, so that a refusal stays short: upstream's `CompactRules`. */
export const compactRules = (rules: readonly PolicyRule[]): PolicyRule[] => {
  const compacted: PolicyRule[] = [];
  const simple = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = simpleKey(rule);
    if (key === undefined) {
      compacted.push(rule);
      continue;
    }
    const known = simple.get(key);
    simple.set(key, known ? { ...known, verbs: [...known.verbs, ...rule.verbs] } : rule);
  }
  return [...compacted, ...simple.values()];
};

const simpleKey = ({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): string | undefined =>
  apiGroups.length === 1 && resources.length === 1 && resourceNames.length <= 1 && nonResourceURLs.length === 0
    ? JSON.stringify([apiGroups[0], resources[0], resourceNames[0]])
    : undefined;

/** `{APIGroups:["apps"], Resources:["deployments"], Verbs:["get" "list"]}`. */
export const describeRule = (rule: PolicyRule): string => {
  const parts: string[] = [];
  const add = (word: string, values: readonly string[] | undefined): void => {
    if (values?.length) parts.push(`${word}:${quotedList(values)}`);
  };
  add("APIGroups", rule.apiGroups);
  add("Resources", rule.resources);
  add("NonResourceURLs", rule.nonResourceURLs);
  add("ResourceNames", rule.resourceNames);
  add("Verbs", rule.verbs);
  return `{${parts.join(", ")}}`;
};

/** Go's `%q` of a list of strings. */
export const quotedList = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(" ")}]`;
