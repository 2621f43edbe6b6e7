import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";
import type { SlowConversion } from "./conversion.ts";
import { normalForm } from "./normal-form.ts";
import type { Strategy } from "./strategy.ts";

/** A kind as it is stored: one version, one key prefix, one strategy, whatever versions it is served in. */
export interface StoredKind {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
  /** The version objects are stored, prepared and validated in. */
  readonly version: string;
  readonly namespaced: boolean;
  /** `/registry/pods/`: objects are at `<prefix><namespace>/<name>`, or `<prefix><name>`. */
  readonly prefix: string;
  readonly strategy: Strategy;
}

/** A subresource as discovery names it. */
export interface Subresource {
  readonly name: string;
  /** What it takes and answers, where that is not the resource's own kind: Scale, Binding, Eviction. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
}

/** One resource in one served version: `/apis/<group>/<version>/<resource>`. */
export interface ResourceEntry {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: ReadonlySet<string>;
  readonly subresources: ReadonlyMap<string, Subresource>;
  readonly stored: StoredKind;
  /** What the fields of this version may hold. */
  readonly schema: ObjectSchema;
  /** From this version to the stored one; absent where they are the same but for `apiVersion`. */
  readonly toStored?: (object: AnyObject) => AnyObject;
  readonly fromStored?: (object: AnyObject) => AnyObject;
  /** Where only a webhook knows the way between this version and the stored one; `stored` then bears this version. */
  readonly conversion?: SlowConversion;
  /** Fields that selectors name in this version otherwise than in the stored one. */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** Defined by a CustomResourceDefinition: lists carry kind and apiVersion in their items, strategic merge patch is refused. */
  readonly custom?: CustomFacts;
  /** `Warning` headers of every request to this version: deprecations. */
  readonly deprecation?: string;
  /** What people may call it: discovery's singularName, shortNames and categories. */
  readonly names?: ResourceNames;
}

export interface ResourceNames {
  /** The kind in lower case, where absent. */
  readonly singular?: string;
  readonly shortNames?: readonly string[];
  /** `all`, `api-extensions`. */
  readonly categories?: readonly string[];
}

/** What is special about a custom resource. */
export interface CustomFacts {
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  /** No `apiVersion`, `kind`, `metadata` normalisation or validation beyond the strategy's own. */
  readonly preservesUnknown?: boolean;
}

/** `apps/v1`, or `v1`. */
export const apiVersionOfEntry = ({ group, version }: { readonly group: string; readonly version: string }): string =>
  group === "" ? version : `${group}/${version}`;

/** Where an object of this kind is stored. */
export const keyFor = (stored: StoredKind, namespace: string | undefined, name: string): string =>
  stored.namespaced ? `${stored.prefix}${namespace ?? ""}/${name}` : stored.prefix + name;

/** An object in the stored version, as this entry's version has it. */
export const served = (entry: ResourceEntry, object: AnyObject): AnyObject => {
  if (entry.fromStored) {
    const converted = entry.fromStored(object);
    return entry.custom ? converted : normalForm(entry.schema, converted, false).object;
  }
  const { stored } = entry;
  return entry.version === stored.version && entry.group === stored.group ? object : { ...object, apiVersion: apiVersionOfEntry(entry) };
};

/** An object in this entry's version, as it is stored. */
export const asStored = (entry: ResourceEntry, object: AnyObject): AnyObject => {
  if (entry.toStored) return entry.toStored(object);
  const { stored } = entry;
  return entry.version === stored.version && entry.group === stored.group ? object : { ...object, apiVersion: apiVersionOfEntry(stored) };
};
