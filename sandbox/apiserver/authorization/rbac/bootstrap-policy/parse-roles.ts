import type { PolicyRule } from "../policy-rule.ts";

/** A role as the tables beside this file have it. */
export interface ParsedRole {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
}

const shorthand: Readonly<Record<string, readonly string[]>> = {
  read: ["get", "list", "watch"],
  write: ["create", "delete", "deletecollection", "patch", "update"],
};

/**
 * Reads roles from text: a line with the name, then an indented line a rule: `GROUPS RESOURCES VERBS [NAMES]`, or `url PATHS VERBS`. Lists
 * have commas; `core` is the core group; `read` and `write` stand for several verbs.
 */
export const parseRoles = (text: string): readonly ParsedRole[] => {
  const roles: { name: string; rules: PolicyRule[] }[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith(" ")) roles.at(-1)?.rules.push(ruleOf(line.trim()));
    else if (line !== "") roles.push({ name: line, rules: [] });
  }
  return roles;
};

const ruleOf = (line: string): PolicyRule => {
  const [groups = "", resources = "", verbs = "", names] = line.split(" ");
  if (groups === "url") return { verbs: verbsOf(verbs), nonResourceURLs: resources.split(",") };
  return {
    verbs: verbsOf(verbs),
    apiGroups: groups.split(",").map((group) => (group === "core" ? "" : group)),
    resources: resources.split(","),
    ...(names !== undefined && { resourceNames: names.split(",") }),
  };
};

const verbsOf = (list: string): readonly string[] =>
  list
    .split(",")
    .flatMap((verb) => shorthand[verb] ?? verb)
    .sort();
