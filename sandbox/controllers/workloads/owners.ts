import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import {
  apiVersionOf,
  controllerOf,
  isTerminating,
  type KubeObject,
  type OwnerReference,
  type ResourceType,
} from "../../apimachinery/meta/types.ts";
import type { LabelSelector } from "../../api/types.ts";
import type { Client, PatchBody, Place } from "../../client/client.ts";
import type { Cache } from "../framework/cache.ts";

/** The reference that makes `owner` the controller of what carries it (metav1.NewControllerRef). */
export const controllerReference = (type: ResourceType, owner: KubeObject): OwnerReference => ({
  apiVersion: apiVersionOf(type),
  kind: type.kind,
  name: owner.metadata.name ?? "",
  uid: owner.metadata.uid ?? "",
  controller: true,
  blockOwnerDeletion: true,
});

export const placeOf = ({ metadata }: KubeObject): Place =>
  metadata.namespace ? { namespace: metadata.namespace, name: metadata.name ?? "" } : { name: metadata.name ?? "" };

export interface Claiming<T extends KubeObject, Owner extends KubeObject> {
  readonly client: Client;
  readonly cache: Cache;
  readonly ownerType: ResourceType<Owner>;
  readonly owner: Owner;
  readonly type: ResourceType<T>;
  readonly selector: LabelSelector | undefined;
  /** Only these are looked at. */
  readonly among?: (object: T) => boolean;
  /** Put on what is adopted, and taken off what is released: the job controller's tracking. */
  readonly finalizer?: string;
}

/**
 * What belongs to the owner (ControllerRefManager): what it controls and the selector still matches, together with orphans that the selector
 * matches, which it adopts. What no longer matches is released. An owner that is being deleted neither adopts nor releases.
 */
export const claim = async <T extends KubeObject, Owner extends KubeObject>(claiming: Claiming<T, Owner>): Promise<readonly T[]> => {
  const { client, cache, ownerType, owner, type, among } = claiming;
  const selector = selectorOf(claiming.selector);
  const claimed: T[] = [];
  const errors: unknown[] = [];
  let mayAdopt: Promise<void> | undefined;
  const candidates = [...cache.controlledBy(type, owner), ...cache.orphans(type, owner.metadata.namespace ?? "")];
  for (const object of candidates) {
    if (among && !among(object)) continue;
    const matches = selector.matches(object.metadata.labels);
    const isOurs = controllerOf(object) !== undefined;
    if (isOurs && matches) claimed.push(object);
    if (isTerminating(owner) || isOurs === matches) continue;
    try {
      if (isOurs) await client.patch(type, placeOf(object), release(object, owner, claiming.finalizer));
      else if (!isTerminating(object)) {
        mayAdopt ??= checkAdoption(client, ownerType, owner);
        await mayAdopt;
        claimed.push(await client.patch(type, placeOf(object), adoption(object, ownerType, owner, claiming.finalizer)));
      }
    } catch (error) {
      const isGone = hasReason(error, "NotFound") || (isOurs && hasReason(error, "Invalid"));
      if (!isGone) errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return claimed;
};

/** The owner's cache may lag behind its deletion: asks the API server before anything is adopted (RecheckDeletionTimestamp). */
const checkAdoption = async (client: Client, type: ResourceType, owner: KubeObject): Promise<void> => {
  const { namespace, name, uid } = owner.metadata;
  const fresh = await client.get(type, placeOf(owner));
  const where = `${namespace ?? ""}/${name ?? ""}`;
  if (fresh.metadata.uid !== uid)
    throw new Error(`original ${type.kind} ${where} is gone: got uid ${fresh.metadata.uid ?? ""}, wanted ${uid ?? ""}`);
  if (isTerminating(fresh)) throw new Error(`${where} has just been deleted at ${fresh.metadata.deletionTimestamp ?? ""}`);
};

const adoption = (object: KubeObject, type: ResourceType, owner: KubeObject, finalizer: string | undefined): PatchBody => ({
  type: "strategic",
  body: {
    metadata: {
      uid: object.metadata.uid,
      ownerReferences: [controllerReference(type, owner)],
      ...(finalizer && { finalizers: [finalizer] }),
    },
  },
});

const release = (object: KubeObject, owner: KubeObject, finalizer: string | undefined): PatchBody => ({
  type: "strategic",
  body: {
    metadata: {
      uid: object.metadata.uid,
      ownerReferences: [{ $patch: "delete", uid: owner.metadata.uid }],
      ...(finalizer && { "$deleteFromPrimitiveList/finalizers": [finalizer] }),
    },
  },
});
