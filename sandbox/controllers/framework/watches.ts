import { selectorOf, type LabelSelector } from "../../apimachinery/labels/label-selector.ts";
import { controllerOf, keyOf, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Change } from "../../client/informers/informer.ts";
import type { Index, Watch, WatchContext } from "./controller.ts";

/**
 * Objects that the reconciled kind controls: a change wakes the controller. With `selector`, an object that nobody controls wakes
 * all whose selector matches it, for they may adopt it.
 */
export const owned = <T extends KubeObject, Owner extends KubeObject = KubeObject>(
  type: ResourceType<T>,
  selector?: (owner: Owner) => LabelSelector | undefined,
): Watch<T> => ({
  type,
  keys({ previous, next }, context) {
    const keys = new Set<string>();
    if (previous) addOwner(keys, previous, context);
    if (next) addOwner(keys, next, context);
    if (next && selector && !controllerOf(next) && mayMatchAnew(previous, next)) {
      for (const owner of context.cache.inNamespace(context.reconciles, next.metadata.namespace ?? "")) {
        const wanted = selectorOf(selector(owner as Owner));
        if (!wanted.isEmpty() && wanted.matches(next.metadata.labels)) keys.add(keyOf(owner));
      }
    }
    return keys;
  },
});

/** Changes of another kind, and the keys that they concern. */
export const mapped = <T extends KubeObject>(
  type: ResourceType<T>,
  keys: (change: Change<T>, context: WatchContext) => Iterable<string>,
): Watch<T> => ({ type, keys });

/** An index under a name. */
export const index = <T extends KubeObject>(type: ResourceType<T>, name: string, values: (object: T) => readonly string[]): Index<T> => ({
  type,
  name,
  values,
});

/** The key of the controller that owns the object, if it is of the kind and still the one with that uid. */
const addOwner = (keys: Set<string>, object: KubeObject, { cache, reconciles }: WatchContext): void => {
  const controller = controllerOf(object);
  if (controller?.kind !== reconciles.kind || groupOf(controller.apiVersion) !== reconciles.group) return;
  const key = reconciles.namespaced ? `${object.metadata.namespace ?? ""}/${controller.name}` : controller.name;
  if (cache.get(reconciles, key)?.metadata.uid === controller.uid) keys.add(key);
};

const mayMatchAnew = (previous: KubeObject | undefined, next: KubeObject): boolean =>
  !previous || previous.metadata.labels !== next.metadata.labels || controllerOf(previous) !== undefined;

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "");
