import { badRequest, invalid, notFound, staleObject } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { GoText, invalidValue } from "../../apimachinery/validation/field-error.ts";
import { nameIsPathSegment } from "../../apimachinery/validation/names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../apimachinery/validation/object-meta.ts";
import { notAuthorized } from "../authorization/forbidden.ts";
import { attributesOf } from "../authorization/operation-attributes.ts";
import type { Revision } from "../cache/revision.ts";
import { asStored, served } from "../registry/entry.ts";
import { change, read, resourceOf, type Outcome } from "../registry/store.ts";
import { createAdmitted } from "./create.ts";
import { keepAllButStatus } from "./keep-all-but-status.ts";
import type { Modification } from "./modification.ts";
import { withoutDuplicateOwners } from "./owner-references.ts";
import { checkStored } from "./preconditions.ts";
import type { Request } from "./request.ts";

/** Writes what a PUT or PATCH makes of an object, and answers the object as it is then. */
export const modify = async (request: Request, name: string, modification: Modification): Promise<OperationResult> => {
  const { entry } = request;
  const { revision, created } = await modifyStored(request, name, {
    ...modification,
    make: (live) => asStored(entry, modification.make(served(entry, live))) as Draft<AnyObject>,
  });
  return { kind: "object", code: created ? 201 : 200, stored: revision.as(entry) };
};

/** The same on objects in the stored version. */
export const modifyStored = async (
  request: Request,
  name: string,
  modification: Modification,
): Promise<{ readonly revision: Revision; readonly created: boolean }> => {
  const { uid = "", make } = modification;
  const found = await read(request, name);
  if (!found) {
    checkStored(request, name, undefined, { uid });
    if (!modification.create) throw notFound(resourceOf(request), name);
    authorizeCreation(request);
    return { revision: await createAdmitted(request, modification.create()), created: true };
  }
  const { revision } = await change(request, name, found, (previous) => {
    checkStored(request, name, previous.object, { uid });
    const draft = make(previous.object);
    withoutDuplicateOwners(request, draft);
    return updateFrom(request, previous, draft);
  });
  return { revision, created: false };
};

/** Who may update or patch may not therefore create. */
const authorizeCreation = ({ machinery, operation }: Request): void => {
  if (!machinery.authorizer) return;
  const attributes = attributesOf({ ...operation, verb: "create" });
  const { decision, reason } = machinery.authorizer.authorize(attributes);
  if (decision !== "allow") throw notAuthorized(attributes, reason);
};

/** Upstream's Store.Update on one stored revision: admission, preparation, preconditions, validation, and whether the object can go. */
const updateFrom = async (request: Request, previous: Revision, asked: Draft<AnyObject>): Promise<Outcome> => {
  const { machinery } = request;
  const { name } = previous;
  const attributes = request.attributes("UPDATE", name, asked, previous.object);
  await machinery.admission.admit(attributes);
  const draft = attributes.object!;
  checkVersion(request, previous, draft);
  machinery.allocation.reserve(request, draft, previous.object);
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
    const shown = JSON.stringify(asked);
    if (!/^[0-9]{1,20}$/.test(asked))
      throw badRequest(`metadata.resourceVersion: Invalid value: ${shown}: strconv.ParseUint: parsing ${shown}: invalid syntax`);
    throw staleObject(resourceOf(request), previous.name);
  }
  if (!stored.strategy.allowUnconditionalUpdate)
    throw invalid({ group: stored.group, kind: stored.resource }, previous.name, [
      invalidValue("metadata.resourceVersion", new GoText("0x0"), "must be specified for an update"),
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
  const part = strategy.subresources?.[subresource];
  if (part) part.prepareForUpdate(draft, previous, context);
  else if (subresource === "status") keepAllButStatus(draft, previous);
  else strategy.prepareForUpdate?.(draft, previous, context);
  if ((meta.uid ?? "") === "") meta.uid = old.uid!;
  meta.creationTimestamp = old.creationTimestamp ?? null;
  if (old.deletionTimestamp === undefined) delete meta.deletionTimestamp;
  else meta.deletionTimestamp = old.deletionTimestamp;
  if (meta.deletionGracePeriodSeconds === undefined && old.deletionGracePeriodSeconds !== undefined)
    meta.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds;
  const own = (part ?? (subresource === "status" ? undefined : strategy))?.validateUpdate;
  const errors = [
    ...validateObjectMeta(meta, stored.namespaced, nameIsPathSegment),
    ...validateObjectMetaUpdate(meta, old),
    ...(own?.(draft, previous, context) ?? []),
  ];
  if (errors.length > 0) throw invalid({ group: stored.group, kind: stored.kind }, meta.name ?? "", errors);
  for (const warning of (part ?? strategy).warnings?.(draft, previous, context) ?? []) request.warn(warning);
  strategy.canonicalize?.(draft);
};

/** Whether nothing holds a terminating object any more (ShouldDeleteDuringUpdate). */
const isDone = ({ stored }: Request, draft: Draft<AnyObject>, previous: AnyObject): boolean => {
  if ((draft.metadata.finalizers ?? []).length > 0) return false;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = previous.metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds !== 0) return false;
  if (stored.group !== "" || stored.resource !== "namespaces") return true;
  return ((draft.spec as { readonly finalizers?: readonly string[] } | undefined)?.finalizers ?? []).length === 0;
};
