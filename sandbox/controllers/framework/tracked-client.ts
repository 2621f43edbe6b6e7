import { keyOf, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client } from "../../client/client.ts";
import { revisionOf, type Informer } from "../../client/informers/informer.ts";
import type { Informers } from "../../client/informers/informers.ts";

/** The writes of one reconcile, to be seen by the caches before the same key is worked on again. */
export class Writes {
  readonly #informers: Informers;
  readonly #revisions = new Map<Informer, number>();
  readonly #deleted: { readonly informer: Informer; readonly key: string; readonly uid: string | undefined }[] = [];

  constructor(informers: Informers) {
    this.#informers = informers;
  }

  wrote(type: ResourceType, object: KubeObject): void {
    const informer = this.#informers.existing(type);
    if (informer) this.#revisions.set(informer, Math.max(this.#revisions.get(informer) ?? 0, revisionOf(object)));
  }

  deleted(type: ResourceType, key: string): void {
    const informer = this.#informers.existing(type);
    const cached = informer?.get(key);
    if (informer && cached) this.#deleted.push({ informer, key, uid: cached.metadata.uid });
  }

  /** Resolves when the caches have seen everything; undefined when they have already. */
  seen(): Promise<unknown> | undefined {
    const missing: Promise<void>[] = [];
    for (const [informer, revision] of this.#revisions) {
      if (informer.revision < revision) missing.push(informer.when(() => informer.revision >= revision));
    }
    for (const { informer, key, uid } of this.#deleted) {
      const isGone = (): boolean => {
        const now = informer.get(key);
        return !now || now.metadata.uid !== uid || now.metadata.deletionTimestamp !== undefined;
      };
      if (!isGone()) missing.push(informer.when(isGone));
    }
    return missing.length > 0 ? Promise.all(missing) : undefined;
  }
}

/** The client, noting what it writes. */
export const trackedClient = (client: Client, writes: Writes): Client => {
  const noting = async <T extends KubeObject>(type: ResourceType<T>, written: Promise<T>): Promise<T> => {
    const object = await written;
    writes.wrote(type, object);
    return object;
  };
  return {
    ...client,
    create: (type, object, options) => noting(type, client.create(type, object, options)),
    update: (type, object, options) => noting(type, client.update(type, object, options)),
    updateStatus: (type, object, options) => noting(type, client.updateStatus(type, object, options)),
    patch: (type, place, patch, options) => noting(type, client.patch(type, place, patch, options)),
    apply: (type, object, options) => noting(type, client.apply(type, object, options)),
    async delete(type, place, options) {
      const left = await client.delete(type, place, options);
      writes.deleted(type, keyOf({ metadata: place }));
      return left;
    },
    because: (cause) => trackedClient(client.because(cause), writes),
  };
};
