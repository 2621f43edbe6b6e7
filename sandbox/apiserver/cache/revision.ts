import type { AnyObject, Draft, ObjectMeta } from "../../apimachinery/meta/types.ts";
import type { Stored } from "../../apimachinery/operation/operation.ts";
import { apiVersionOfEntry, served, type ResourceEntry, type StoredKind } from "../registry/entry.ts";

/** Objects that this process wrote, by the very bytes it gave the store: they need not be parsed when they come back as events. */
const written = new WeakMap<Uint8Array, AnyObject>();

/**
 * The bytes that are stored: JSON that begins with kind, apiVersion and metadata, in this order, and leaves the resourceVersion
 * out, since the store gives it. The object is handed over: once it is stored, its resourceVersion is filled in in place.
 */
export const encodeForStorage = (object: AnyObject): Uint8Array => {
  const { kind, apiVersion, metadata, ...rest } = object;
  const ordered = { kind, apiVersion, metadata: inGoOrder(metadata), ...rest };
  const value = Buffer.from(JSON.stringify(ordered));
  written.set(value, ordered);
  return value;
};

/** Metadata in the order in which upstream prints it, without the resourceVersion. */
const inGoOrder = ({
  name,
  generateName,
  namespace,
  uid,
  resourceVersion: _given,
  generation,
  creationTimestamp,
  deletionTimestamp,
  deletionGracePeriodSeconds,
  labels,
  annotations,
  ownerReferences,
  finalizers,
  managedFields,
}: ObjectMeta): ObjectMeta => ({
  ...(name !== undefined && { name }),
  ...(generateName !== undefined && { generateName }),
  ...(namespace !== undefined && { namespace }),
  ...(uid !== undefined && { uid }),
  ...(generation !== undefined && { generation }),
  ...(creationTimestamp !== undefined && { creationTimestamp }),
  ...(deletionTimestamp !== undefined && { deletionTimestamp }),
  ...(deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds }),
  ...(labels && { labels }),
  ...(annotations && { annotations }),
  ...(ownerReferences && { ownerReferences }),
  ...(finalizers && { finalizers }),
  ...(managedFields && managedFields.length > 0 && { managedFields }),
});

const withResourceVersion = (object: AnyObject, revision: number): AnyObject => {
  (object as Draft<AnyObject>).metadata.resourceVersion = String(revision);
  return object;
};

const metadataStart = Buffer.from('"metadata":{');

/** One revision of one object: decoded once, serialized once, whoever reads it. */
export class Revision implements Stored {
  readonly kind: StoredKind;
  readonly key: string;
  readonly revision: number;
  readonly value: Uint8Array;
  #object: AnyObject | undefined;
  #bytes: Uint8Array | undefined;
  #others: Map<ResourceEntry, Stored> | undefined;
  #converted: Map<ResourceEntry, Revision> | undefined;
  /** Stored in a version that is not the stored one any more: a write that changes nothing is written nevertheless. */
  isOutdated = false;

  constructor(kind: StoredKind, key: string, revision: number, value: Uint8Array, object?: AnyObject) {
    this.kind = kind;
    this.key = key;
    this.revision = revision;
    this.value = value;
    this.#object = object;
  }

  /** The object in the stored version. */
  get object(): AnyObject {
    if (this.#object) return this.#object;
    const own = written.get(this.value);
    if (own) written.delete(this.value);
    this.#object = withResourceVersion(own ?? parse(this.value), this.revision);
    return this.#object;
  }

  get namespace(): string {
    if (!this.kind.namespaced) return "";
    return this.key.slice(this.kind.prefix.length, this.key.indexOf("/", this.kind.prefix.length));
  }

  get name(): string {
    return this.key.slice(this.key.lastIndexOf("/") + 1);
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= this.revision === 0 ? this.value : spliced(this.value, this.revision));
  }

  get bare(): number {
    return bareOffset(this.kind.kind, apiVersionOfEntry(this.kind));
  }

  /** The object in the version of `entry`. */
  as(entry: ResourceEntry): Stored {
    if (entry.conversion) return new Serialized(this.object, this.kind.kind);
    if (!entry.fromStored && entry.version === this.kind.version && entry.group === this.kind.group) return this;
    const known = this.#others?.get(entry);
    if (known) return known;
    const other = new Serialized(served(entry, this.object), this.kind.kind);
    (this.#others ??= new Map()).set(entry, other);
    return other;
  }

  /** The same revision as a version has it to which only a webhook can convert; undefined where that has not been done yet. */
  converted(entry: ResourceEntry): Revision | undefined {
    return this.#converted?.get(entry);
  }

  /** Takes what a webhook made of the object for a version. */
  convert(entry: ResourceEntry, object: AnyObject, storedVersion: string): void {
    const other = new Revision(entry.stored, this.key, this.revision, this.value, object);
    other.isOutdated = this.object.apiVersion !== storedVersion;
    (this.#converted ??= new Map()).set(entry, other);
  }

  /** The same object as of another revision: what a watcher is shown of an object that went, or left its selection. */
  at(revision: number): Revision {
    const { metadata } = this.object;
    const object = { ...this.object, metadata: { ...metadata, resourceVersion: String(revision) } };
    return new Revision(this.kind, this.key, revision, this.value, object);
  }
}

/** An object that is not stored as it is: serialized when somebody wants the bytes. */
export class Serialized implements Stored {
  readonly object: AnyObject;
  readonly bare: number;
  #bytes: Uint8Array | undefined;

  constructor(object: AnyObject, kind: string) {
    this.object = object;
    this.bare = bareOffset(kind, object.apiVersion ?? "");
  }

  get bytes(): Uint8Array {
    if (this.#bytes) return this.#bytes;
    const { kind, apiVersion, ...rest } = this.object;
    this.#bytes = Buffer.from(JSON.stringify({ kind, apiVersion, ...rest }));
    return this.#bytes;
  }
}

const uidMember = Buffer.from('"uid":"');
/** `"uid":"` and the identifier, with the quotation mark and comma after it. */
const uidLength = uidMember.length + 36 + 2;

/** The stored bytes with the resourceVersion in its place: after the uid, or first in the metadata where there is none. */
const spliced = (value: Uint8Array, revision: number): Uint8Array => {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const start = bytes.indexOf(metadataStart) + metadataStart.length;
  const uid = bytes.indexOf(uidMember, start);
  // Identifiers of our own all have the same length; an imported one may not.
  const at = uid >= 0 && bytes[uid + uidLength - 1] === comma ? uid + uidLength : start;
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(`"resourceVersion":"${String(revision)}",`), bytes.subarray(at)]);
};

const comma = 0x2c;

const bareOffset = (kind: string, apiVersion: string): number => `{"kind":"${kind}","apiVersion":"${apiVersion}",`.length;

const parse = (value: Uint8Array): AnyObject =>
  JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8")) as AnyObject;
