import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { BY_CONTROLLER, BY_NAMESPACE, type Informers } from "../../client/informers/informers.ts";

/** The cluster as the informers know it. What it answers is shared: never change it. */
export interface Cache {
  /** By `namespace/name`, or `name` where there is no namespace. */
  get<T extends KubeObject>(type: ResourceType<T>, key: string): T | undefined;
  list<T extends KubeObject>(type: ResourceType<T>): readonly T[];
  inNamespace<T extends KubeObject>(type: ResourceType<T>, namespace: string): readonly T[];
  /** What has the object as its controller. */
  controlledBy<T extends KubeObject>(type: ResourceType<T>, owner: KubeObject): readonly T[];
  /** What no controller owns, in the namespace. */
  orphans<T extends KubeObject>(type: ResourceType<T>, namespace: string): readonly T[];
  /** What an index of the controller finds. */
  indexed<T extends KubeObject>(type: ResourceType<T>, index: string, value: string): readonly T[];
  /** The newest revision up to which the cache of the type is complete. */
  revision(type: ResourceType): number;
}

export const cacheOf = (informers: Informers): Cache => ({
  get: (type, key) => informers.of(type).get(key),
  list: (type) => informers.of(type).list(),
  inNamespace: (type, namespace) => informers.of(type).byIndex(BY_NAMESPACE, namespace),
  controlledBy: (type, owner) => informers.of(type).byIndex(BY_CONTROLLER, owner.metadata.uid ?? ""),
  orphans: (type, namespace) => informers.of(type).byIndex(BY_CONTROLLER, `/${namespace}`),
  indexed: (type, index, value) => informers.of(type).byIndex(index, value),
  revision: (type) => informers.of(type).revision,
});
