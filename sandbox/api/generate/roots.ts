import { resourceFacts } from "./resource-facts.ts";
import { schemaNameOf } from "./schema-names.ts";

/** A kind at the top of a request or an answer. */
export interface RootKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly schemaName: string;
}

const metaKinds = ["APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "DeleteOptions", "Status", "WatchEvent"];

/** Every kind that a release's API takes or answers: where following references starts. Options of connect verbs have no schema. */
export const rootKinds = (release: string): readonly RootKind[] => {
  const roots = new Map<string, RootKind>();
  const add = (group: string, version: string, kind: string): void => {
    const schemaName = schemaNameOf(group, version, kind);
    roots.set(schemaName, { group, version, kind, schemaName });
  };
  for (const fact of resourceFacts(release)) {
    if (fact.kind.endsWith("Options")) continue;
    add(fact.kindGroup, fact.kindVersion, fact.kind);
    if (fact.verbs.includes("list")) add(fact.group, fact.version, `${fact.kind}List`);
  }
  for (const kind of metaKinds) add("", "v1", kind);
  return [...roots.values()];
};
