import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { alreadyExists, notFound, type GroupResource } from "../../apimachinery/errors/constructors.ts";
import type { KeyValue } from "../../storage/storage.ts";
import { encodeForStorage, Revision } from "../cache/revision.ts";
import type { Request } from "../endpoints/request.ts";
import { oneInVersionOf } from "./conversion.ts";
import { keyFor } from "./entry.ts";
import { isSameJson } from "./json.ts";
import { printedForm } from "./normal-form.ts";

/** What refusals name: the resource as it was asked for. */
export const resourceOf = ({ entry }: Request): GroupResource => ({ group: entry.group, resource: entry.resource });

export const keyOfRequest = (request: Request, name: string): string => keyFor(request.stored, request.namespace, name);

/** The newest revision, which every write before this call is part of. */
export const read = async (request: Request, name: string): Promise<Revision | undefined> => {
  const { cache, storage } = request.machinery;
  const newest = await storage.currentRevision();
  const wait = cache.reached(newest, request.operation.signal);
  if (wait) await wait;
  const found = cache.of(request.stored).get(request.namespace, name);
  return found && request.entry.conversion ? oneInVersionOf(request.entry, found) : found;
};

export const readOrRefuse = async (request: Request, name: string): Promise<Revision> => {
  const found = await read(request, name);
  if (!found) throw notFound(resourceOf(request), name);
  return found;
};

/** Events vanish by themselves; everything else stays until it is deleted. Seconds. */
const timeToLive = ({ stored }: Request): number | undefined => (stored.group === "" && stored.resource === "events" ? 3600 : undefined);

/** In the form of the stored version, whatever strategies and admission plugins left. */
const printed = ({ machinery, stored }: Request, object: AnyObject): Draft<AnyObject> => {
  const entry = machinery.registry.find(stored.group, stored.version, stored.resource);
  return entry ? printedForm(entry, object) : (object as Draft<AnyObject>);
};

/** Stores a new object. Throws AlreadyExists. In a dry run the answer is what would have been stored. */
export const insert = async (request: Request, name: string, draft: AnyObject): Promise<Revision> => {
  const { storage, cache } = request.machinery;
  const key = keyOfRequest(request, name);
  const object = printed(request, draft);
  const value = await encoded(request, object);
  if (request.dryRun) {
    if (await read(request, name)) throw alreadyExists(resourceOf(request), name);
    return new Revision(request.stored, key, 0, value, withoutVersion(object));
  }
  const ttl = timeToLive(request);
  const result = await storage.put(key, value, { expected: 0, cause: request.cause, ...(ttl !== undefined && { ttl }) });
  if (!result.ok) throw alreadyExists(resourceOf(request), name);
  return written(request, cache.of(request.stored).get(request.namespace, name), key, result.revision, value);
};

/** What a change makes of the stored object: another, or none because it can go now. */
export type Outcome =
  { readonly kind: "store"; readonly object: Draft<AnyObject> } | { readonly kind: "remove"; readonly last: Draft<AnyObject> };

/**
 * Upstream's GuaranteedUpdate: makes the change from the newest object, and makes it again from a newer one when somebody else was faster.
 * A change that changes nothing is not written. Throws NotFound when the object goes meanwhile.
 */
export const change = async (
  request: Request,
  name: string,
  first: Revision,
  make: (previous: Revision) => Outcome | Promise<Outcome>,
): Promise<{ readonly revision: Revision; readonly removed: boolean }> => {
  const { storage, cache } = request.machinery;
  const key = first.key;
  for (let previous = first; ;) {
    const outcome = await make(previous);
    if (outcome.kind === "remove") {
      const last = new Revision(
        request.stored,
        key,
        previous.revision,
        encodeForStorage(outcome.last),
        stampedWith(outcome.last, previous.revision),
      );
      if (request.dryRun) return { revision: last, removed: true };
      const result = await storage.delete(key, { expected: previous.revision, cause: request.cause });
      if (result.ok) return { revision: last, removed: true };
      previous = await newer(request, name, result.current);
      continue;
    }
    const object = printed(request, outcome.object);
    if (!previous.isOutdated && isSameObject(object, previous.object)) return { revision: previous, removed: false };
    const value = await encoded(request, object);
    if (request.dryRun)
      return {
        revision: new Revision(request.stored, key, previous.revision, value, stampedWith(object, previous.revision)),
        removed: false,
      };
    const ttl = timeToLive(request);
    const result = await storage.put(key, value, { expected: previous.revision, cause: request.cause, ...(ttl !== undefined && { ttl }) });
    if (result.ok) {
      const { namespace } = previous;
      const revision = await written(request, cache.of(request.stored).get(namespace, name), key, result.revision, value);
      return { revision, removed: false };
    }
    previous = await newer(request, name, result.current);
  }
};

/** Deletes what is stored; false when somebody was faster. */
export const remove = async (
  request: Request,
  revision: Revision,
): Promise<{ readonly removed: boolean; readonly at: number; readonly current?: Revision }> => {
  const { storage } = request.machinery;
  const result = await storage.delete(revision.key, { expected: revision.revision, cause: request.cause });
  if (result.ok) return { removed: true, at: result.revision };
  const { current } = result;
  return {
    removed: false,
    at: 0,
    ...(current && { current: await newer(request, revision.name, current) }),
  };
};

const newer = (request: Request, name: string, current: KeyValue | undefined): Revision | Promise<Revision> => {
  if (!current) throw notFound(resourceOf(request), name);
  const revision = new Revision(request.stored, current.key, current.modRevision, current.value);
  return request.entry.conversion ? oneInVersionOf(request.entry, revision) : revision;
};

/** The bytes of an object, in the version that is stored. */
const encoded = (request: Request, object: AnyObject): Uint8Array | Promise<Uint8Array> => {
  const { conversion } = request.entry;
  return conversion ? conversion.toStored(object).then(encodeForStorage) : encodeForStorage(object);
};

/** The cache's own revision, so that the object is decoded and serialized once for everybody. */
const written = (
  request: Request,
  cached: Revision | undefined,
  key: string,
  at: number,
  value: Uint8Array,
): Revision | Promise<Revision> => {
  const revision = cached?.revision === at ? cached : new Revision(request.stored, key, at, value);
  return request.entry.conversion ? oneInVersionOf(request.entry, revision) : revision;
};

const withoutVersion = (object: AnyObject): AnyObject => {
  const { resourceVersion: _none, ...metadata } = object.metadata;
  return { ...object, metadata };
};

const stampedWith = (object: AnyObject, revision: number): AnyObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** Whether writing `next` would change anything that is stored: everything but the resourceVersion, and the times of managedFields when nothing else changed. */
const isSameObject = (next: Draft<AnyObject>, previous: AnyObject): boolean => {
  for (const key of new Set([...Object.keys(next), ...Object.keys(previous)])) {
    if (key === "metadata") continue;
    if (!isSameJson(next[key], previous[key])) return false;
  }
  const { resourceVersion: _r1, managedFields: nextFields, ...nextMeta } = next.metadata;
  const { resourceVersion: _r2, managedFields: previousFields, ...previousMeta } = previous.metadata;
  if (!isSameJson(nextMeta, previousMeta)) return false;
  const untimed = (fields: typeof nextFields | typeof previousFields) => (fields ?? []).map(({ time: _time, ...entry }) => entry);
  return isSameJson(untimed(nextFields), untimed(previousFields));
};
