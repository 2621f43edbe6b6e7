import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
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
  const { resourceVersion: _given, ...kept } = metadata;
  const ordered = { kind, apiVersion, metadata: kept, ...rest };
  const value = Buffer.from(JSON.stringify(ordered));
  written.set(value, ordered as AnyObject);
  return value;
};

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
    if (this.#bytes) return this.#bytes;
    const at = Buffer.from(this.value.buffer, this.value.byteOffset, this.value.byteLength).indexOf(metadataStart) + metadataStart.length;
    const version = Buffer.from(`"resourceVersion":"${String(this.revision)}",`);
    this.#bytes = Buffer.concat([this.value.subarray(0, at), version, this.value.subarray(at)]);
    return this.#bytes;
  }

  get bare(): number {
    return bareOffset(this.kind.kind, apiVersionOfEntry(this.kind));
  }

  /** The object in the version of `entry`. */
  as(entry: ResourceEntry): Stored {
    if (!entry.fromStored && entry.version === this.kind.version && entry.group === this.kind.group) return this;
    const known = this.#others?.get(entry);
    if (known) return known;
    const other = new Serialized(served(entry, this.object), this.kind.kind);
    (this.#others ??= new Map()).set(entry, other);
    return other;
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

const bareOffset = (kind: string, apiVersion: string): number => `{"kind":"${kind}","apiVersion":"${apiVersion}",`.length;

const parse = (value: Uint8Array): AnyObject =>
  JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8")) as AnyObject;
