import type { StatusError } from "../../apimachinery/errors/status.ts";
import { conflict, notFound } from "../../apimachinery/errors/constructors.ts";
import { keyOf, type KubeList, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client, ClientWatchEvent, Place } from "../../client/client.ts";

type Watcher = (event: ClientWatchEvent<KubeObject>) => void;

/** As much of an API server as the scheduler's tests need: objects in memory, lists, watches, bindings, status patches. */
export class FakeApi {
  readonly #objects = new Map<string, Map<string, KubeObject>>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  #revision = 0;
  /** Refuses bindings while it answers an error. */
  refuseBinding: ((pod: KubeObject, node: string) => StatusError | undefined) | undefined;

  all<T extends KubeObject>(type: ResourceType<T>): T[] {
    return [...(this.#objects.get(type.resource)?.values() ?? [])] as T[];
  }

  get<T extends KubeObject>(type: ResourceType<T>, key: string): T | undefined {
    return this.#objects.get(type.resource)?.get(key) as T | undefined;
  }

  put<T extends KubeObject>(type: ResourceType<T>, object: T): T {
    const key = keyOf(object);
    let objects = this.#objects.get(type.resource);
    if (!objects) this.#objects.set(type.resource, (objects = new Map<string, KubeObject>()));
    const known = objects.has(key);
    const metadata = { ...object.metadata, uid: object.metadata.uid ?? `uid-of-${key}`, resourceVersion: String(++this.#revision) };
    const stored = { ...object, metadata };
    objects.set(key, stored);
    this.#tell(type, { type: known ? "MODIFIED" : "ADDED", object: stored });
    return stored;
  }

  remove(type: ResourceType, key: string): void {
    const object = this.#objects.get(type.resource)?.get(key);
    if (!object) return;
    this.#objects.get(type.resource)?.delete(key);
    this.#tell(type, {
      type: "DELETED",
      object: { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.#revision) } },
    });
  }

  client(): Client {
    const keyAt = ({ namespace, name }: Place): string => (namespace ? `${namespace}/${name}` : name);
    const found = <T extends KubeObject>(type: ResourceType<T>, place: Place): T => {
      const object = this.get(type, keyAt(place));
      if (!object) throw notFound(type, place.name);
      return object;
    };
    const client: Client = {
      get: (type, place) => attempt(() => found(type, place)),
      list: <T extends KubeObject>(type: ResourceType<T>) =>
        attempt((): KubeList<T> => ({ metadata: { resourceVersion: String(this.#revision) }, items: this.all(type) })),
      watch: (type, _options, receiver) => {
        const watcher = receiver.event.bind(receiver) as Watcher;
        const watchers = this.#watchers.get(type.resource) ?? new Set();
        this.#watchers.set(type.resource, watchers.add(watcher));
        return { stop: () => void watchers.delete(watcher) };
      },
      create: (type, object) => attempt(() => this.put(type, object)),
      update: (type, object) => attempt(() => this.put(type, object)),
      updateStatus: (type, object) => attempt(() => this.put(type, object)),
      patch: (type, place, { body }) => attempt(() => this.put(type, patched(found(type, place), body as Record<string, unknown>))),
      apply: (type, object) => attempt(() => this.put(type, object)),
      delete: (type, place) =>
        attempt(() => {
          found(type, place);
          this.remove(type, keyAt(place));
        }) as never,
      deleteCollection: () => Promise.resolve(),
      post: (type, place, _subresource, body) => attempt(() => this.#bind(type, found(type, place), body)) as never,
      because: () => client,
    };
    return client;
  }

  #bind(type: ResourceType, pod: KubeObject, body: unknown): void {
    const node = (body as { target: { name: string } }).target.name;
    const refusal = this.refuseBinding?.(pod, node);
    if (refusal) throw refusal;
    const { spec } = pod as { spec?: { nodeName?: string } };
    if (spec?.nodeName)
      throw conflict(
        { group: "", resource: "pods/binding" },
        pod.metadata.name ?? "",
        `pod is already assigned to node ${JSON.stringify(spec.nodeName)}`,
      );
    this.put(type, { ...pod, spec: { ...spec, nodeName: node } } as KubeObject);
  }

  #tell(type: ResourceType, event: ClientWatchEvent<KubeObject>): void {
    for (const watcher of this.#watchers.get(type.resource) ?? []) watcher(event);
  }
}

const attempt = async <Result>(run: () => Result): Promise<Result> => {
  await Promise.resolve();
  return run();
};

/** A strategic merge of a status: conditions by type, null takes a field away. */
const patched = <T extends KubeObject>(object: T, body: Readonly<Record<string, unknown>>): T => {
  const { status = {} } = object as { status?: Record<string, unknown> };
  const { conditions, ...rest } = (body["status"] ?? {}) as { conditions?: { type: string }[] };
  const next: Record<string, unknown> = { ...status, ...rest };
  for (const [key, value] of Object.entries(rest)) if (value === null) delete next[key];
  if (conditions) {
    const types = new Set(conditions.map(({ type }) => type));
    const kept = ((status["conditions"] ?? []) as { type: string }[]).filter(({ type }) => !types.has(type));
    next["conditions"] = [...kept, ...conditions];
  }
  return { ...object, status: next };
};
