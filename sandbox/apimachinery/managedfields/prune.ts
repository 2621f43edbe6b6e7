import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import type { VersionedSchemas } from "./door.ts";
import { difference, emptySet, intersection, isEmptySet, union, type FieldSet } from "./field-set.ts";
import type { Owner, Owners } from "./managers.ts";
import { removeItems } from "./remove-items.ts";
import { toFieldSet, withNamedFields } from "./to-field-set.ts";

interface Typed {
  readonly object: AnyObject;
  readonly schema: ObjectSchema;
}

const without = ({ object, schema }: Typed, set: FieldSet): Typed => ({
  object: (removeItems(object, set, schema) ?? {}) as AnyObject,
  schema,
});

/**
 * Removes what an applier set the last time, does not set this time, and nobody else owns (merge.Updater.prune). The object and the last set are
 * looked at in the version of the last apply.
 */
export const prune = (
  merged: Typed,
  version: string,
  owners: Owners,
  last: Owner | undefined,
  versions: VersionedSchemas | undefined,
): Typed => {
  if (!last || isEmptySet(last.fields)) return merged;
  const convert = (typed: Typed, from: string, to: string): Typed | undefined =>
    from === to ? typed : versions?.convert(typed.object, to);
  const start = convert(merged, version, last.apiVersion);
  if (!start) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(set, start.schema);
  let pruned = without(start, named(last.fields));

  const owned = new Map<string, FieldSet>([[last.apiVersion, emptySet]]);
  for (const { apiVersion, fields } of owners.values()) owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, fields));
  let current = { whole: start, version: last.apiVersion };
  for (const [apiVersion, fields] of owned) {
    const whole = convert(current.whole, current.version, apiVersion);
    const rest = convert(pruned, current.version, apiVersion);
    if (!whole || !rest) continue;
    const sets = [toFieldSet(whole.object, whole.schema), toFieldSet(rest.object, whole.schema), fields].map((set) =>
      withNamedFields(set, whole.schema),
    );
    const [all = emptySet, kept = emptySet, managed = emptySet] = sets;
    pruned = without(whole, difference(all, union(kept, managed)));
    current = { whole, version: apiVersion };
  }

  const back = convert(pruned, current.version, last.apiVersion);
  if (!back) return merged;
  const gone = difference(named(toFieldSet(start.object, start.schema)), named(toFieldSet(back.object, start.schema)));
  return convert(without(start, intersection(gone, named(last.fields))), last.apiVersion, version) ?? merged;
};
