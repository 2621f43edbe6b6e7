import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { Quantity } from "../../apimachinery/quantity/quantity.ts";
import { keyOf, type AnyObject, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import {
  configMaps,
  persistentVolumeClaims,
  pods,
  replicationControllers,
  resourceQuotas,
  secrets,
  services,
} from "../../api/resources.ts";
import { countName, isCounted, namesFor, usageOf } from "../../api/quota/usage.ts";
import { isInScopes } from "../../api/quota/scopes.ts";
import type { Pod, ResourceQuota } from "../../api/types.ts";
import type { Change } from "../../client/informers/informer.ts";
import type { Cache } from "../framework/cache.ts";
import type { Controller, ControllerEnvironment } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";

const core: readonly ResourceType[] = [pods, services, persistentVolumeClaims, configMaps, secrets, replicationControllers, resourceQuotas];

/** Counts what a namespace uses of its quotas, whenever something is given back, and now and then all of it. */
export const resourceQuotaController: Controller = {
  name: "resourcequota-controller",
  alias: "resourcequota",
  account: "resourcequota-controller",
  start: (environment) => counting(environment).start(environment),
};

const counting = ({ informers, discovery }: ControllerEnvironment): Controller => {
  /** Kinds besides the core ones that some quota counts: each is watched from then on. */
  const others = new Map<string, ResourceType>();
  let wakeNamespace: ((namespace: string) => void) | undefined;

  const typeCountedAs = async (name: string): Promise<ResourceType | undefined> => {
    const known = others.get(name) ?? core.find((type) => countName(type) === name);
    if (known) return known;
    const type = (await discovery.preferred()).find((resource) => resource.namespaced && countName(resource) === name);
    if (!type) return undefined;
    others.set(name, type);
    const informer = informers.of(type);
    await informer.synced();
    informer.handle(({ previous, next }) => {
      if (previous && !next) wakeNamespace?.(previous.metadata.namespace ?? "");
    });
    return type;
  };

  return defineController<ResourceQuota>({
    name: "resourcequota-controller",
    reconciles: resourceQuotas,
    watches: core.map((type) =>
      mapped(type, (change, { cache, later }) => {
        wakeNamespace ??= (namespace) => {
          for (const quota of cache.inNamespace(resourceQuotas, namespace)) later(keyOf(quota), 0);
        };
        return givesBack(type, change) ? cache.inNamespace(resourceQuotas, change.previous?.metadata.namespace ?? "").map(keyOf) : [];
      }),
    ),
    workers: (options) => options.concurrentResourceQuotaSyncs,
    resyncMs: (options) => options.resourceQuotaSyncPeriodMs,
    async reconcile(key, { cache, client, clock }) {
      const quota = cache.get(resourceQuotas, key);
      if (!quota) return;
      const hard = quota.spec?.hard ?? {};
      const names = Object.keys(hard);
      const types = new Set<ResourceType>(core.filter((type) => namesFor(type, names).length > 0));
      for (const name of names) if (name.startsWith("count/")) for (const type of [await typeCountedAs(name)]) if (type) types.add(type);
      const used = countUsed(cache, quota, names, types, clock.now());
      const status = { hard, used };
      if (!isSemanticallyEqual(status, quota.status)) await client.updateStatus(resourceQuotas, { ...quota, status });
    },
  });
};

const countUsed = (
  cache: Cache,
  quota: ResourceQuota,
  names: readonly string[],
  types: ReadonlySet<ResourceType>,
  now: number,
): Readonly<Record<string, string>> => {
  const used = new Map(names.map((name) => [name, Quantity.zero]));
  for (const type of types) {
    const concerned = new Set(namesFor(type, names));
    for (const object of cache.inNamespace(type, quota.metadata.namespace ?? "")) {
      if (!isInScopes(quota, type === pods ? (object as Pod) : undefined)) continue;
      for (const [name, amount] of usageOf(type, object as AnyObject, now))
        if (concerned.has(name)) used.set(name, used.get(name)!.add(amount));
    }
  }
  return Object.fromEntries([...used].map(([name, amount]) => [name, String(amount)]));
};

/** Whether a change frees something: admission has charged for all that is new. */
const givesBack = (type: ResourceType, { previous, next }: Change<KubeObject>): boolean => {
  if (!previous) return false;
  if (!next) return true;
  if (type === pods) return isCounted(previous as Pod, 0) && !isCounted(next as Pod, 0);
  if (type === services || type === persistentVolumeClaims)
    return (
      (previous as AnyObject)["spec"] !== (next as AnyObject)["spec"] &&
      !isSemanticallyEqual((previous as AnyObject)["spec"], (next as AnyObject)["spec"])
    );
  return false;
};
