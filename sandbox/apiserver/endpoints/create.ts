import { invalid } from "../../apimachinery/errors/constructors.ts";
import { failure, hasReason, type StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationResult } from "../../apimachinery/operation/operation.ts";
import { validateObjectMeta } from "../../apimachinery/validation/object-meta.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { Revision } from "../cache/revision.ts";
import { defaulted } from "../registry/defaulting.ts";
import { asStored } from "../registry/entry.ts";
import { insert, resourceOf } from "../registry/store.ts";
import { bodyOf, placeInNamespace } from "./body.ts";
import { tracked } from "./field-ownership.ts";
import { withoutDuplicateOwners } from "./owner-references.ts";
import type { Request } from "./request.ts";

/** POST to a collection. */
export const create = async (request: Request): Promise<OperationResult> => {
  const { entry } = request;
  const body = bodyOf(request, entry);
  placeInNamespace(request, body);
  withoutDuplicateOwners(request, body);
  const draft = tracked(request, entry, undefined, defaulted(entry, body, request.context));
  const revision = await createAdmitted(request, draft);
  return { kind: "object", code: 201, stored: revision.as(entry) };
};

/** Creates from a draft in the version of the request, which carries its managedFields: mutating admission, then the store's part. */
export const createAdmitted = async (request: Request, draft: Draft<AnyObject>): Promise<Revision> => {
  const attributes = request.attributes("CREATE", draft.metadata.name ?? "", asStored(request.entry, draft) as Draft<AnyObject>, undefined);
  await request.machinery.admission.admit(attributes);
  return createWithName(request, attributes.object!);
};

/** How often another name is tried when a generated one is taken (RetryGenerateName). */
const attempts = 8;

/** Stores an admitted draft under its name, or under a generated one. */
const createWithName = async (request: Request, draft: Draft<AnyObject>): Promise<Revision> => {
  const { generateName = "", name = "" } = draft.metadata;
  if (generateName === "" || name !== "") return createFromDraft(request, draft);
  for (let attempt = 1; ; attempt++) {
    draft.metadata.name = generateName.slice(0, 58) + request.machinery.random.suffix();
    try {
      return await createFromDraft(request, { ...draft, metadata: { ...draft.metadata } });
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
      if (attempt === attempts) throw noUniqueName(request, draft.metadata.name);
    }
  }
};

const noUniqueName = (request: Request, name: string): StatusError => {
  const { group, resource } = resourceOf(request);
  const qualified = group === "" ? resource : `${resource}.${group}`;
  return failure(
    409,
    "AlreadyExists",
    `${qualified} "${name}" already exists, the server was not able to generate a unique name for the object`,
    {
      name,
      ...(group && { group }),
      kind: resource,
      retryAfterSeconds: 1,
    },
  );
};

/** Upstream's Store.Create: system metadata, preparation, validation, validating admission, storage. */
const createFromDraft = async (request: Request, draft: Draft<AnyObject>): Promise<Revision> => {
  const { machinery, stored, context } = request;
  const { strategy } = stored;
  const { metadata } = draft;
  if ((metadata.resourceVersion ?? "") !== "") throw failure(500, "", "resourceVersion should not be set on objects to be created");
  metadata.uid = machinery.random.uuid();
  metadata.creationTimestamp = toTime(context.now);
  delete metadata.resourceVersion;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  machinery.allocation.reserve(request, draft, undefined);
  strategy.prepareForCreate?.(draft, context);
  const errors = [
    ...validateObjectMeta(metadata, stored.namespaced, strategy.validateName, {
      standardFinalizersOnly: request.entry.custom === undefined && !strategy.anyFinalizers,
    }),
    ...(strategy.validate?.(draft, context) ?? []),
  ];
  if (errors.length > 0) throw invalid({ group: stored.group, kind: stored.kind }, metadata.name ?? "", errors);
  for (const warning of strategy.warnings?.(draft, undefined, context) ?? []) request.warn(warning);
  strategy.canonicalize?.(draft);
  const name = metadata.name!;
  await machinery.admission.validate(request.attributes("CREATE", name, draft, undefined));
  return insert(request, name, draft);
};
