import { readFacts } from "../facts/read-facts.ts";
import { isSince } from "./releases.ts";

/** A row of `facts/resources.tsv`: a resource or subresource as discovery shows it. */
export interface ResourceFact {
  readonly group: string;
  readonly version: string;
  /** `pods`, or `pods/status` for a subresource. */
  readonly resource: string;
  readonly kind: string;
  /** The group and version of `kind` where they are not the resource's own: `pods/eviction` takes a policy/v1 Eviction. */
  readonly kindGroup: string;
  readonly kindVersion: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly preferred: boolean;
  /** Group and version in which it is stored, as far as the storage version hash knows: `apps/v1`. */
  readonly storageVersion: string;
}

type Column =
  "group" | "version" | "resource" | "kind" | "scope" | "shortNames" | "categories" | "verbs" | "preferred" | "storageVersion" | "since";

const everyVerb = "create,delete,deletecollection,get,list,patch,update,watch";
const listOf = (text: string): readonly string[] => (text === "" ? [] : text.split(","));

/** What a release serves without being asked to: generally available versions. */
export const resourceFacts = (release: string): readonly ResourceFact[] =>
  readFacts<Column>("resources.tsv")
    .filter((row) => isSince(row.since, release))
    .map((row) => {
      const parts = row.kind.split("/");
      const foreign = parts.length > 1;
      return {
        group: row.group,
        version: row.version,
        resource: row.resource,
        kind: parts[parts.length - 1]!,
        kindGroup: foreign ? parts[0]! : row.group,
        kindVersion: foreign ? parts[1]! : row.version,
        namespaced: row.scope === "Namespaced",
        shortNames: listOf(row.shortNames),
        categories: listOf(row.categories),
        verbs: listOf(row.verbs === "*" ? everyVerb : row.verbs),
        preferred: row.preferred !== "not",
        storageVersion: row.storageVersion || (row.group === "" ? row.version : `${row.group}/${row.version}`),
      };
    });
