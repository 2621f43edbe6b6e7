import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationOptions } from "../../apimachinery/operation/operation.ts";
import { toTime } from "../../base/clock/clock.ts";
import { cleanupFinalizer, withCondition, type CustomResourceDefinition } from "../apiextensions/definition/definition.ts";
import type { Revision } from "../cache/revision.ts";
import { change } from "../registry/store.ts";
import { checkPreconditions } from "./delete-options.ts";
import { deleteStored, type Deleted } from "./delete.ts";
import type { Request } from "./request.ts";

/** A custom resource definition is emptied before it goes: the first deletion says so and holds it by a finalizer until its objects are gone. */
export const deleteDefinition = async (request: Request, found: Revision, options: OperationOptions): Promise<Deleted> => {
  if (found.object.metadata.deletionTimestamp !== undefined) return deleteStored(request, found, options);
  checkPreconditions(request.stored, found.object, options);
  const { revision } = await change(request, found.name, found, async (previous) => {
    await request.machinery.admission.validate(request.attributes("DELETE", previous.name, undefined, previous.object));
    return { kind: "store", object: terminating(previous.object, toTime(request.context.now)) };
  });
  return { object: revision, immediately: false };
};

const terminating = (object: AnyObject, now: string): Draft<AnyObject> => {
  const { metadata, status } = object as unknown as CustomResourceDefinition;
  const finalizers = metadata.finalizers ?? [];
  const conditions = withCondition(
    status?.conditions,
    {
      type: "Terminating",
      status: "True",
      reason: "InstanceDeletionPending",
      message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    },
    now,
  );
  const held = finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer];
  return {
    ...object,
    metadata: { ...metadata, deletionTimestamp: now, finalizers: held },
    status: { ...status, conditions },
  } as unknown as Draft<AnyObject>;
};
