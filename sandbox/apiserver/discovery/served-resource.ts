import type { BuiltInResource } from "../../api/pack/version-pack.ts";
import type { ResourceEntry } from "../registry/entry.ts";
import { storageVersionHash } from "./storage-version-hash.ts";

/** A resource as clients find it: whatever it is behind, stored kind or review. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  /** Plural: `pods`. */
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly ServedSubresource[];
  /** Absent for what is not stored. */
  readonly storageVersionHash?: string;
  /** Defined by a CustomResourceDefinition. */
  readonly custom: boolean;
}

export interface ServedSubresource {
  readonly name: string;
  /** What it takes and answers. */
  readonly kind: string;
  /** Of the kind, where it is not the resource's own. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

export const servedBuiltIn = (resource: BuiltInResource): ServedResource => ({
  ...resource,
  custom: false,
  subresources: resource.subresources.map(({ name, kind, kindGroup, kindVersion, verbs }) => ({
    name,
    kind,
    verbs,
    ...((kindGroup !== resource.group || kindVersion !== resource.version) && { group: kindGroup, version: kindVersion }),
  })),
});

export const servedCustom = ({
  group,
  version,
  resource,
  kind,
  namespaced,
  verbs,
  subresources,
  stored,
  names,
}: ResourceEntry): ServedResource => ({
  group,
  version,
  resource,
  kind,
  namespaced,
  singular: names?.singular ?? kind.toLowerCase(),
  shortNames: names?.shortNames ?? [],
  categories: names?.categories ?? [],
  verbs: [...verbs],
  subresources: [...subresources.values()].map((each) =>
    (each.group ?? group) === group && (each.version ?? version) === version
      ? { name: each.name, kind: each.kind, verbs: each.verbs }
      : each,
  ),
  storageVersionHash: storageVersionHash(stored),
  custom: true,
});
