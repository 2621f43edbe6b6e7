import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { compare, type Comparison } from "./compare.ts";
import type { Conflict } from "./conflicts.ts";
import type { VersionedSchemas } from "./door.ts";
import { difference, emptySet, intersection, isEmptySet, recursiveDifference, setOfPaths, union, type FieldSet } from "./field-set.ts";
import { dropEmpty, type Owners } from "./managers.ts";
import { reconcileSet } from "./reconcile.ts";

/** A write as its effect on ownership sees it. */
export interface Change {
  readonly previous: AnyObject | undefined;
  readonly next: AnyObject;
  readonly version: string;
  readonly schema: ObjectSchema;
  readonly resetFields?: readonly string[] | undefined;
  readonly versions?: VersionedSchemas | undefined;
}

const resetSets = new WeakMap<readonly string[], FieldSet>();

/** Fields that an endpoint does not let its clients own. */
export const resetSet = (paths: readonly string[] | undefined): FieldSet => {
  if (!paths || paths.length === 0) return emptySet;
  let set = resetSets.get(paths);
  if (!set) {
    set = setOfPaths(paths);
    resetSets.set(paths, set);
  }
  return set;
};

const filtered = ({ removed, modified, added }: Comparison, reset: FieldSet): Comparison =>
  isEmptySet(reset)
    ? { removed, modified, added }
    : {
        removed: recursiveDifference(removed, reset),
        modified: recursiveDifference(modified, reset),
        added: recursiveDifference(added, reset),
      };

const compareIn = (apiVersion: string, { previous, next, versions }: Change): Comparison | undefined => {
  const converted = versions?.convert(next, apiVersion);
  if (!converted) return undefined;
  const old = previous && versions?.convert(previous, apiVersion);
  return filtered(compare(old?.object, converted.object, converted.schema), resetSet(versions?.resetFields?.(apiVersion)));
};

/** What a change takes from each owner: fields it sets, and fields it removes. */
export interface Takings {
  readonly comparison: Comparison;
  readonly conflicts: readonly Conflict[];
}

/**
 * Takes from everybody but the writer what the change sets or removes (merge.Updater.update). Entries in a version that is no longer
 * served disappear. With `refuse`, conflicts are told and nothing is taken.
 */
export const takeFields = (owners: Owners, change: Change, writer: string | undefined, refuse: boolean): Takings => {
  const comparison = filtered(compare(change.previous, change.next, change.schema), resetSet(change.resetFields));
  const known = new Map<string, Comparison | undefined>([[change.version, comparison]]);
  const conflicts: Conflict[] = [];
  const remaining = new Map<string, FieldSet>();
  for (const [identity, owner] of owners) {
    if (identity === writer) continue;
    if (!known.has(owner.apiVersion)) known.set(owner.apiVersion, compareIn(owner.apiVersion, change));
    const seen = known.get(owner.apiVersion);
    if (!seen) {
      owners.delete(identity);
      continue;
    }
    const taken = intersection(union(seen.modified, seen.added), owner.fields);
    if (!isEmptySet(taken)) conflicts.push({ owner, fields: taken });
    const left = difference(difference(owner.fields, taken), seen.removed);
    if (left !== owner.fields) remaining.set(identity, left);
  }
  if (refuse && conflicts.length > 0) return { comparison, conflicts };
  for (const [identity, fields] of remaining) {
    const owner = owners.get(identity);
    if (owner) owners.set(identity, { ...owner, fields });
  }
  dropEmpty(owners);
  return { comparison, conflicts };
};

/** Brings sets up to date that were written under an earlier schema of a custom resource. */
export const reconcileOwners = (owners: Owners, schema: ObjectSchema, version: string): void => {
  if (schema.name !== undefined) return;
  for (const [identity, owner] of owners) {
    if (owner.apiVersion !== version) continue;
    const fields = reconcileSet(owner.fields, schema);
    if (fields !== owner.fields) owners.set(identity, { ...owner, fields });
  }
};
