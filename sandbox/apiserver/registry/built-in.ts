import type { BuiltInResource, VersionPack } from "../../api/pack/version-pack.ts";
import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";
import { nameIsPathSegment } from "../../apimachinery/validation/names.ts";
import { conversions } from "./conversions.ts";
import { apiVersionOfEntry, type ResourceEntry, type StoredKind } from "./entry.ts";
import { prefixOf } from "./keys.ts";
import type { Strategy } from "./strategy.ts";

/** Stored elsewhere than under their own group: events.k8s.io shows the core group's events. */
const storedElsewhere: Readonly<Record<string, string>> = { "events.k8s.io/events": "" };

/** Kinds that are answered, but not from the store. */
const computed: ReadonlySet<string> = new Set(["componentstatuses"]);

/** What may be asked for, but not for ever: since which minor release, and what is said then. */
const deprecations: Readonly<Record<string, { readonly since: number; readonly words: string }>> = {
  "v1 Endpoints": { since: 33, words: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice" },
};

const deprecationOf = (pack: VersionPack, { group, version, kind }: BuiltInResource): string | undefined => {
  const found = deprecations[`${apiVersionOfEntry({ group, version })} ${kind}`];
  return found && Number(pack.version.split(".")[1]) >= found.since ? found.words : undefined;
};

/** An entry for each resource that a release stores, with its strategy. Kinds without one get the generic behaviour. */
export const builtInEntries = (pack: VersionPack, strategies: readonly Strategy[]): ResourceEntry[] => {
  const byResource = new Map(strategies.map((strategy) => [`${strategy.group}/${strategy.resource}`, strategy]));
  const resources = pack.resources.filter(({ resource, verbs }) => verbs.includes("get") && !computed.has(resource));
  const storedKinds = new Map<string, StoredKind>();
  const storedOf = (listed: BuiltInResource): StoredKind => {
    const { resource } = listed;
    const group = storedElsewhere[`${listed.group}/${resource}`] ?? listed.group;
    const key = `${group}/${resource}`;
    const known = storedKinds.get(key);
    if (known) return known;
    const versions = resources.filter((each) => each.group === group && each.resource === resource);
    const { version, kind, namespaced } = versions.find((each) => each.preferred) ?? versions[0] ?? listed;
    const strategy = byResource.get(key) ?? { group, resource, validateName: nameIsPathSegment, allowUnconditionalUpdate: true };
    const stored: StoredKind = { group, resource, kind, version, namespaced, prefix: prefixOf({ group, resource }), strategy };
    storedKinds.set(key, stored);
    return stored;
  };
  return resources.flatMap((listed) => {
    const schema = pack.schemaOf(apiVersionOfEntry(listed), listed.kind);
    return schema ? [entryOf(listed, schema, storedOf(listed), deprecationOf(pack, listed))] : [];
  });
};

const entryOf = (listed: BuiltInResource, schema: ObjectSchema, stored: StoredKind, deprecation: string | undefined): ResourceEntry => {
  const { group, version, resource, kind, namespaced } = listed;
  const subresources = listed.subresources.map(
    (each) => [each.name, { ...each, group: each.kindGroup, version: each.kindVersion }] as const,
  );
  const isStored = group === stored.group && version === stored.version;
  return {
    group,
    version,
    resource,
    kind,
    namespaced,
    verbs: new Set(listed.verbs),
    subresources: new Map(subresources),
    stored,
    schema,
    ...(deprecation !== undefined && { deprecation }),
    ...(!isStored && conversions[`${group}/${version} ${kind}`]),
  };
};
