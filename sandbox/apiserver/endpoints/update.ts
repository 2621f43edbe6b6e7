import { badRequest, conflict, invalid, notFound, staleObject } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { invalidValue } from "../../apimachinery/validation/field-error.ts";
import { nameIsPathSegment } from "../../apimachinery/validation/names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../apimachinery/validation/object-meta.ts";
import type { Revision } from "../cache/revision.ts";
import { defaulted } from "../registry/defaulting.ts";
import { change, keyOfRequest, read, resourceOf, type Outcome } from "../registry/store.ts";
import { bodyOf, checkName, placeInNamespace } from "./body.ts";
import { createFromDraft } from "./create.ts";
import { ownedOnUpdate } from "./field-ownership.ts";
import { withoutDuplicateOwners } from "./owner-references.ts";
import type { Request } from "./request.ts";

/** PUT of an object or of one of its subresources that are of its own kind. */
export const update = async (request: Request, name: string): Promise<OperationResult> => {
  const body = bodyOf(request);
  checkName(request, body, name);
  placeInNamespace(request, body);
  const asked = defaulted(request.entry, body, request.context);
  const found = await read(request, name);
  const { uid } = asked.metadata;
  if (!found) {
    if (uid !== undefined && uid !== "") throw wrongUid(request, name, uid, "");
    if (!request.stored.strategy.allowCreateOnUpdate || request.subresource !== "") throw notFound(resourceOf(request), name);
    const revision = await createInstead(request, name, asked);
    return { kind: "object", code: 201, stored: revision.as(request.entry) };
  }
  let fresh: Draft<AnyObject> | undefined = asked;
  const { revision } = await change(request, name, found, (previous) => {
    const { object } = previous;
    if (uid !== undefined && uid !== "" && uid !== object.metadata.uid) throw wrongUid(request, name, uid, object.metadata.uid ?? "");
    const draft = fresh ?? defaulted(request.entry, bodyOf(request), request.context);
    fresh = undefined;
    placeInNamespace(request, draft);
    withoutDuplicateOwners(request, draft);
    return updateFrom(request, previous, ownedOnUpdate(request, object, draft));
  });
  return { kind: "object", code: 200, stored: revision.as(request.entry) };
};

/** PUT of a name that does not exist, for kinds that allow it. */
export const createInstead = async (request: Request, name: string, draft: Draft<AnyObject>): Promise<Revision> => {
  withoutDuplicateOwners(request, draft);
  const attributes = request.attributes("CREATE", name, ownedOnUpdate(request, undefined, draft), undefined);
  await request.machinery.admission.admit(attributes);
  return createFromDraft(request, attributes.object!);
};

/** Upstream's Store.Update on one stored revision: admission, preparation, preconditions, validation, and whether the object can go. */
export const updateFrom = async (request: Request, previous: Revision, asked: Draft<AnyObject>): Promise<Outcome> => {
  const { machinery } = request;
  const name = previous.name;
  const attributes = request.attributes("UPDATE", name, asked, previous.object);
  await machinery.admission.admit(attributes);
  const draft = attributes.object!;
  checkVersion(request, previous, draft);
  prepare(request, draft, previous.object);
  await machinery.admission.validate(request.attributes("UPDATE", name, draft, previous.object));
  return isDone(request, draft, previous.object) ? { kind: "remove", last: draft } : { kind: "store", object: draft };
};

/** Optimistic concurrency: who names a resourceVersion means that one. */
const checkVersion = (request: Request, previous: Revision, draft: Draft<AnyObject>): void => {
  const { stored } = request;
  const { metadata } = draft;
  const asked = metadata.resourceVersion ?? "";
  const held = String(previous.revision);
  if (asked === held) return;
  if (asked !== "" && asked !== "0") {
    if (!/^[0-9]{1,20}$/.test(asked)) throw badRequest(`metadata.resourceVersion: Invalid value: ${JSON.stringify(asked)}: strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`);
    throw staleObject(resourceOf(request), previous.name);
  }
  if (!stored.strategy.allowUnconditionalUpdate)
    throw invalid({ group: stored.group, kind: stored.resource }, previous.name, [
      invalidValue("metadata.resourceVersion", 0, "must be specified for an update"),
    ]);
  metadata.resourceVersion = held;
};

/** Upstream's BeforeUpdate. */
const prepare = (request: Request, draft: Draft<AnyObject>, previous: AnyObject): void => {
  const { stored, context, subresource } = request;
  const { strategy } = stored;
  const meta = draft.metadata;
  const old = previous.metadata;
  if (old.generation === undefined) delete meta.generation;
  else meta.generation = old.generation;
  delete meta.selfLink;
  const part = subresource === "" ? undefined : strategy.subresources?.[subresource];
  if (part) part.prepareForUpdate(draft, previous, context);
  else if (subresource === "status") keepAllButStatus(draft, previous);
  else strategy.prepareForUpdate?.(draft, previous, context);
  meta.uid = meta.uid === undefined || meta.uid === "" ? old.uid! : meta.uid;
  meta.creationTimestamp = old.creationTimestamp ?? null;
  if (old.deletionTimestamp === undefined) delete meta.deletionTimestamp;
  else meta.deletionTimestamp = old.deletionTimestamp;
  if (meta.deletionGracePeriodSeconds === undefined && old.deletionGracePeriodSeconds !== undefined)
    meta.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds;
  if (old.generateName !== undefined && meta.generateName === undefined) meta.generateName = old.generateName;
  const metaErrors = validateObjectMetaUpdate(meta, old);
  const own = part ? part.validateUpdate : strategy.validateUpdate;
  const errors = [
    ...validateObjectMeta(meta, stored.namespaced, nameIsPathSegment),
    ...metaErrors,
    ...metaErrors,
    ...(own?.(draft, previous, context) ?? []),
  ];
  if (errors.length > 0) throw invalid({ group: stored.group, kind: stored.kind }, meta.name ?? "", errors);
  const warnings = part ? part.warnings?.(draft, previous, context) : strategy.warnings?.(draft, previous, context);
  for (const warning of warnings ?? []) request.warn(warning);
  strategy.canonicalize?.(draft);
};

/** What `status` means for a kind that says nothing more of it: everything else stays as it was. */
const keepAllButStatus = (draft: Draft<AnyObject>, previous: AnyObject): void => {
  const { status } = draft;
  const { managedFields } = draft.metadata;
  for (const key of Object.keys(draft)) if (!(key in previous)) delete draft[key];
  Object.assign(draft, previous, { metadata: { ...previous.metadata, resourceVersion: draft.metadata.resourceVersion, managedFields } });
  if (status === undefined) delete draft.status;
  else draft.status = status;
};

/** Whether nothing holds a terminating object any more (ShouldDeleteDuringUpdate). */
const isDone = (request: Request, draft: Draft<AnyObject>, previous: AnyObject): boolean => {
  if ((draft.metadata.finalizers ?? []).length > 0) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = previous.metadata;
  if (deletionTimestamp === undefined || (deletionGracePeriodSeconds ?? 0) !== 0) return false;
  const { stored } = request;
  if (stored.group !== "" || stored.resource !== "namespaces") return true;
  return ((draft.spec as { readonly finalizers?: readonly string[] } | undefined)?.finalizers ?? []).length === 0;
};

const wrongUid = (request: Request, name: string, asked: string, held: string) =>
  conflict(
    resourceOf(request),
    name,
    `StorageError: invalid object, Code: 4, Key: ${keyOfRequest(request, name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${asked}, UID in object meta: ${held}`,
  );
