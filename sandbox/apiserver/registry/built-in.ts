import type { ObjectSchema, SchemaSource } from "../../apimachinery/schema/schema.ts";
import { conversions } from "./conversions.ts";
import { apiVersionOfEntry, type ResourceEntry, type StoredKind, type Subresource } from "./entry.ts";
import { prefixOf } from "./keys.ts";
import type { Strategy } from "./strategy.ts";

/** A resource, or with `pods/status` a subresource, as a version pack lists it. */
export interface ListedResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  /** Where the kind is of another group version than the resource: `autoscaling/v1` for Scale. */
  readonly kindGroup?: string;
  readonly kindVersion?: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly preferred?: boolean;
  readonly fieldSelectors?: readonly string[];
}

/** What a version of Kubernetes serves. */
export interface VersionFacts extends SchemaSource {
  readonly resources: readonly ListedResource[];
}

/** Stored elsewhere than under their own group: events.k8s.io shows the core group's events. */
const storedElsewhere: Readonly<Record<string, string>> = { "events.k8s.io/events": "" };

/** An entry for each resource of the version, the strategies put in. Kinds without a strategy get the generic behaviour. */
export const builtInEntries = (facts: VersionFacts, strategies: readonly Strategy[]): ResourceEntry[] => {
  const byResource = new Map(strategies.map((strategy) => [`${strategy.group}/${strategy.resource}`, strategy]));
  const resources = facts.resources.filter(({ resource, verbs }) => !resource.includes("/") && verbs.includes("get"));
  const storedKinds = new Map<string, StoredKind>();
  const storedOf = (listed: ListedResource): StoredKind => {
    const group = storedElsewhere[`${listed.group}/${listed.resource}`] ?? listed.group;
    const key = `${group}/${listed.resource}`;
    const known = storedKinds.get(key);
    if (known) return known;
    const versions = resources.filter((each) => each.group === group && each.resource === listed.resource);
    const { version, kind, namespaced } = versions.find((each) => each.preferred) ?? versions[0] ?? listed;
    const { resource } = listed;
    const strategy = byResource.get(key) ?? { group, resource };
    const stored: StoredKind = { group, resource, kind, version, namespaced, prefix: prefixOf({ group, resource }), strategy };
    storedKinds.set(key, stored);
    return stored;
  };
  return resources.flatMap((listed) => {
    const schema = facts.schemaOf(apiVersionOfEntry(listed), listed.kind);
    return schema ? [entryOf(listed, schema, storedOf(listed), facts.resources)] : [];
  });
};

const entryOf = (listed: ListedResource, schema: ObjectSchema, stored: StoredKind, all: readonly ListedResource[]): ResourceEntry => {
  const { group, version, resource, kind, namespaced, verbs } = listed;
  const conversion = conversions[`${group}/${version} ${kind}`];
  const subresources = all
    .filter((each) => each.group === group && each.version === version && each.resource.startsWith(`${resource}/`))
    .map((each): [string, Subresource] => {
      const name = each.resource.slice(resource.length + 1);
      return [name, { name, kind: each.kind, group: each.kindGroup ?? group, version: each.kindVersion ?? version, verbs: each.verbs }];
    });
  const isStored = group === stored.group && version === stored.version;
  return {
    group,
    version,
    resource,
    kind,
    namespaced,
    verbs: new Set(verbs),
    subresources: new Map(subresources),
    stored,
    schema,
    ...(!isStored && conversion),
  };
};
