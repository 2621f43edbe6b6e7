import { keyOf, type KubeObject } from "../../apimachinery/meta/types.ts";
import type { ClusterObjects } from "../framework/cluster.ts";

type Resource = keyof ClusterObjects;

const empty: readonly never[] = [];

/** The objects that plugins look up, and over them those that the scheduler assumes to come (util/assumecache). */
export class ObjectStore {
  readonly #objects = new Map<Resource, Map<string, KubeObject>>();
  readonly #namespaces = new Map<Resource, Map<string, Set<string>>>();
  readonly #assumed = new Map<Resource, Map<string, KubeObject>>();

  get<R extends Resource>(resource: R, key: string): ClusterObjects[R] | undefined {
    return (this.#assumed.get(resource)?.get(key) ?? this.#objects.get(resource)?.get(key)) as ClusterObjects[R] | undefined;
  }

  list<R extends Resource>(resource: R, namespace?: string): readonly ClusterObjects[R][] {
    const objects = this.#objects.get(resource);
    if (!objects) return empty;
    const keys = namespace === undefined ? objects.keys() : (this.#namespaces.get(resource)?.get(namespace) ?? empty);
    const found: ClusterObjects[R][] = [];
    for (const key of keys) found.push(this.get(resource, key)!);
    return found;
  }

  /** An object as the API has it now, which ends what was assumed of it. */
  put(resource: Resource, object: KubeObject): void {
    const key = keyOf(object);
    let objects = this.#objects.get(resource);
    if (!objects) this.#objects.set(resource, (objects = new Map<string, KubeObject>()));
    objects.set(key, object);
    this.#assumed.get(resource)?.delete(key);
    const namespace = object.metadata.namespace ?? "";
    let namespaces = this.#namespaces.get(resource);
    if (!namespaces) this.#namespaces.set(resource, (namespaces = new Map<string, Set<string>>()));
    const keys = namespaces.get(namespace);
    if (keys) keys.add(key);
    else namespaces.set(namespace, new Set([key]));
  }

  remove(resource: Resource, object: KubeObject): void {
    const key = keyOf(object);
    this.#objects.get(resource)?.delete(key);
    this.#assumed.get(resource)?.delete(key);
    const namespace = object.metadata.namespace ?? "";
    const keys = this.#namespaces.get(resource)?.get(namespace);
    keys?.delete(key);
    if (keys?.size === 0) this.#namespaces.get(resource)?.delete(namespace);
  }

  assume(resource: Resource, object: KubeObject): void {
    let assumed = this.#assumed.get(resource);
    if (!assumed) this.#assumed.set(resource, (assumed = new Map<string, KubeObject>()));
    assumed.set(keyOf(object), object);
  }

  forget(resource: Resource, key: string): void {
    this.#assumed.get(resource)?.delete(key);
  }
}
