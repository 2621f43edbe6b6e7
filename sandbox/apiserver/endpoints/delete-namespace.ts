import { conflict } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationOptions } from "../../apimachinery/operation/operation.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { Revision } from "../cache/revision.ts";
import { change, resourceOf } from "../registry/store.ts";
import { deleteStored, type Deleted } from "./delete.ts";
import { garbageFinalizers } from "./delete-options.ts";
import type { Request } from "./request.ts";

/** A namespace is emptied before it goes: the first deletion says so, the namespace controller does it, the last finalizer lets it go. */
export const deleteNamespace = async (request: Request, found: Revision, options: OperationOptions): Promise<Deleted> => {
  const { uid, resourceVersion } = options.preconditions ?? {};
  const { metadata } = found.object;
  if (uid !== undefined && uid !== metadata.uid)
    throw conflict(
      resourceOf(request),
      found.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ""}`,
    );
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion)
    throw conflict(
      resourceOf(request),
      found.name,
      `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ""}`,
    );
  if (metadata.deletionTimestamp === undefined) return { object: await beginTermination(request, found, options), immediately: false };
  if (specFinalizersOf(found.object).length > 0) return { object: found, immediately: false };
  return deleteStored(request, found, options);
};

const beginTermination = async (request: Request, found: Revision, options: OperationOptions): Promise<Revision> => {
  const { admission } = request.machinery;
  const { revision } = await change(request, found.name, found, async (previous) => {
    await admission.validate(request.attributes("DELETE", previous.name, undefined, previous.object));
    const { object } = previous;
    const finalizers = garbageFinalizers(object.metadata.finalizers ?? [], options, undefined);
    const { finalizers: _replaced, ...metadata } = object.metadata;
    const draft = {
      ...object,
      metadata: {
        ...metadata,
        deletionTimestamp: object.metadata.deletionTimestamp ?? toTime(request.context.now),
        ...(finalizers.length > 0 && { finalizers: [...finalizers] }),
      },
      status: { ...(object.status as object | undefined), phase: "Terminating" },
    };
    return { kind: "store", object: draft as unknown as Draft<AnyObject> };
  });
  return revision;
};

export const specFinalizersOf = (namespace: AnyObject): readonly string[] =>
  (namespace.spec as { readonly finalizers?: readonly string[] } | undefined)?.finalizers ?? [];
