import type { AnyObject, ManagedFieldsEntry, ObjectMeta } from "../meta/types.ts";
import type { UpdateRequest } from "./door.ts";
import { emptySet, isEmptySet, recursiveDifference, union } from "./field-set.ts";
import { capUpdaters, decodeOwners, encodeOwners, identityOf, isReset, type Owner, type Owners } from "./managers.ts";
import { reconcileOwners, resetSet, takeFields } from "./ownership.ts";

/** The object with these entries, or with none. */
export const withManagedFields = (object: AnyObject, entries: readonly ManagedFieldsEntry[] | undefined): AnyObject => {
  const { managedFields: _, ...metadata }: ObjectMeta = object.metadata;
  return { ...object, metadata: entries ? { ...metadata, managedFields: entries } : metadata };
};

/** Entries that the client sent, or the stored ones where it sent none or garbage; a subresource's client may not send any. */
const ownersBefore = ({ next, previous, subresource }: UpdateRequest): Owners => {
  const stored = previous?.metadata.managedFields;
  const sent = next.metadata.managedFields;
  if (!subresource && sent !== stored) {
    if (isReset(sent)) return new Map();
    const owners = decodeOwners(sent, false);
    if (owners && owners.size > 0) return owners;
  }
  return decodeOwners(stored, true) ?? new Map<string, Owner>();
};

/** Ownership after a change, for an owner who has been named. */
export const ownersAfter = (owners: Owners, request: Omit<UpdateRequest, "resetFields"> & Pick<UpdateRequest, "resetFields">): Owners => {
  const { schema, version, subresource, resetFields, time } = request;
  reconcileOwners(owners, schema, version);
  const { comparison } = takeFields(owners, request, undefined, false);
  const fields = recursiveDifference(union(comparison.modified, comparison.added), resetSet(resetFields));
  if (!isEmptySet(fields)) {
    const writer = {
      manager: request.manager || "unknown",
      operation: "Update",
      apiVersion: version,
      ...(subresource && { subresource }),
    } as const;
    const identity = identityOf(writer);
    owners.set(identity, { ...writer, time, fields: union(fields, owners.get(identity)?.fields ?? emptySet) });
  }
  capUpdaters(owners);
  return owners;
};

/**
 * Tracks who owns what after a create, update or patch (FieldManager.UpdateNoErrors): the writer gets the fields that changed, others lose them.
 * An object whose ownership was reset is not tracked until it is applied. Never refuses: where the object does not fit its schema the entries are dropped.
 */
export const trackUpdate = (request: UpdateRequest): AnyObject => {
  const { next, previous } = request;
  const owners = ownersBefore(request);
  if (owners.size === 0 && previous !== undefined) return withManagedFields(next, undefined);
  try {
    return withManagedFields(next, encodeOwners(ownersAfter(owners, request)));
  } catch {
    return withManagedFields(next, undefined);
  }
};

/**
 * Puts the stored times back where nothing but the times of entries differs, so that a write which changes nothing is none
 * (IgnoreManagedFieldsTimestampsTransformer). `isSame` compares the two objects without their managedFields.
 */
export const withoutNewTimes = (next: AnyObject, previous: AnyObject, isSame: (a: unknown, b: unknown) => boolean): AnyObject => {
  const [stored, now] = [previous.metadata.managedFields, next.metadata.managedFields];
  if (!stored || !now || stored === now || stored.length !== now.length || stored.every((entry, at) => entry.time === now[at]?.time))
    return next;
  const timeless = ({ time: _, ...entry }: ManagedFieldsEntry): unknown => entry;
  if (!isSame(stored.map(timeless), now.map(timeless))) return next;
  if (!isSame(withManagedFields(next, undefined), withManagedFields(previous, undefined))) return next;
  return withManagedFields(next, stored);
};
