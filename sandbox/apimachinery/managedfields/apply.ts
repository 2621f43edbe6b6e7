import { badRequest } from "../errors/constructors.ts";
import { failure, type StatusError } from "../errors/status.ts";
import { deepEqual } from "../meta/equal.ts";
import type { AnyObject } from "../meta/types.ts";
import { conflictError, type Conflict } from "./conflicts.ts";
import type { ApplyRequest } from "./door.ts";
import { difference, isEmptySet, recursiveDifference, setOfPaths } from "./field-set.ts";
import { fieldsOfLastApplied, kubectl, withLastApplied } from "./last-applied.ts";
import { decodeOwners, encodeOwners, identityOf, type Owner, type Owners } from "./managers.ts";
import { merge } from "./merge.ts";
import { reconcileOwners, resetSet, takeFields } from "./ownership.ts";
import { prune } from "./prune.ts";
import { toFieldSet } from "./to-field-set.ts";
import { TypedError } from "./typed.ts";
import { ownersAfter, withManagedFields } from "./update.ts";
import { validateTyped } from "./validate.ts";

const plainError = (message: string): StatusError => failure(500, "", message);

const groupVersionKind = ({ apiVersion = "", kind = "" }: { readonly apiVersion?: string; readonly kind?: string }): string =>
  `${apiVersion === "" ? "/" : apiVersion.includes("/") ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;

/** What a client sends there may be anything. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The applied object must be of the endpoint's version and kind and must not carry managedFields. Throws BadRequest. */
const checkApplied = ({ applied, version }: ApplyRequest, kind: string): void => {
  const asked = { apiVersion: textOf(applied.apiVersion), kind: textOf(applied.kind) };
  if (asked.apiVersion !== version || asked.kind !== kind) throw badRequest(`invalid object type: ${groupVersionKind(asked)}`);
};

/** Owners of an object that nobody has tracked so far: all of it belongs to what was before the first apply. */
const ownersOfUntracked = (request: ApplyRequest, previous: AnyObject): Owners =>
  ownersAfter(new Map(), { ...request, next: previous, previous: undefined, manager: "before-first-apply" });

const ownersBefore = (request: ApplyRequest): Owners => {
  const { previous } = request;
  if (!previous) return new Map();
  const owners = decodeOwners(previous.metadata.managedFields, true);
  if (!owners) throw plainError("failed to decode managed fields");
  return owners.size > 0 ? owners : ownersOfUntracked(request, previous);
};

interface Outcome {
  readonly object: AnyObject;
  readonly owners: Owners;
  readonly conflicts: readonly Conflict[];
}

/** What nobody owns although every configuration sets it (stripMetaManager). */
const stripSet = setOfPaths([
  "apiVersion",
  "kind",
  "metadata",
  ...["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"].map(
    (name) => `metadata.${name}`,
  ),
]);

const attempt = (request: ApplyRequest, before: Owners, force: boolean): Outcome => {
  const { applied, previous, schema, version, manager, subresource, resetFields, versions, time } = request;
  const owners: Owners = new Map(before);
  reconcileOwners(owners, schema, version);
  const writer = { manager: manager || "unknown", operation: "Apply", apiVersion: version, ...(subresource && { subresource }) } as const;
  const identity = identityOf(writer);
  const last = owners.get(identity);
  const live = previous && withManagedFields(previous, undefined);
  const merged = merge(live ?? {}, applied, schema) as AnyObject;
  const mine: Owner = { ...writer, fields: recursiveDifference(toFieldSet(applied, schema), resetSet(resetFields)) };
  owners.set(identity, mine);
  const { object } = prune({ object: merged, schema }, version, owners, last, versions);
  const { conflicts } = takeFields(owners, { previous: live, next: object, version, schema, resetFields, versions }, identity, !force);
  const isChanged = live === undefined || !deepEqual(live, object);
  const owned = difference(mine.fields, stripSet);
  if (isEmptySet(owned)) owners.delete(identity);
  else owners.set(identity, { ...mine, fields: owned, ...withTime(isChanged ? time : last?.time) });
  return { object: isChanged ? object : live, owners, conflicts: force ? [] : conflicts };
};

const withTime = (time: string | undefined): { readonly time?: string } => (time === undefined ? {} : { time });

/** Forces conflicts that stem from kubectl's own client-side apply; the others remain (lastAppliedManager). */
const settled = (request: ApplyRequest, before: Owners): Outcome => {
  const outcome = attempt(request, before, request.force);
  if (request.force || outcome.conflicts.length === 0 || request.manager !== kubectl || !request.previous) return outcome;
  const allowed = fieldsOfLastApplied(request.previous, request.version, request.schema);
  if (!allowed) return outcome;
  const conflicts = outcome.conflicts
    .map(({ owner, fields }) => ({ owner, fields: difference(fields, allowed) }))
    .filter(({ fields }) => !isEmptySet(fields));
  return conflicts.length > 0 ? { ...outcome, conflicts } : attempt(request, before, true);
};

/**
 * Lays an applied configuration over the live object (FieldManager.Apply). Answers the merged object with its new managedFields; defaults are still to
 * be filled in. `kind` is the endpoint's. Throws BadRequest for a wrong type, a Conflict with its causes, and upstream's bare 500 for what does not fit the schema.
 */
export const apply = (request: ApplyRequest, kind: string): AnyObject => {
  const { applied, schema } = request;
  checkApplied(request, kind);
  const before = ownersBefore(request);
  const sent: unknown = applied.metadata?.managedFields;
  if (sent !== undefined && sent !== null) throw badRequest("metadata.managedFields must be nil");
  try {
    validateTyped(applied, schema);
    const { object, owners, conflicts } = settled(request, before);
    if (conflicts.length > 0) throw conflictError(conflicts);
    const result = withManagedFields(object, encodeOwners(owners));
    return request.manager === kubectl ? withLastApplied(result, applied) : result;
  } catch (error) {
    if (!(error instanceof TypedError)) throw error;
    const { namespace = "", name = "" } = applied.metadata ?? {};
    throw plainError(`failed to create typed patch object (${namespace}/${name}; ${groupVersionKind(applied)}): ${error.message}`);
  }
};
