import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { nodes, services } from "../../api/resources.ts";
import type { Node, Service } from "../../api/types.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { addressesOf, chooseAddresses } from "./addresses.ts";

const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";
const EXCLUDE = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Gives Services of type LoadBalancer an address of the pool, as the cloud's controller would. */
export const serviceLbController = (pool: readonly string[]): Controller =>
  defineController<Service>({
    name: "service-lb-controller",
    alias: "service",
    account: "service-controller",
    eventSource: "service-controller",
    reconciles: services,
    reads: [nodes],
    // One at a time: two must not take the same address.
    workers: 1,
    async reconcile(key, context) {
      const service = context.cache.get(services, key);
      if (!service) return;
      if (!isTerminating(service) && wantsLoadBalancer(service)) await ensure(context, service, pool);
      else if (service.metadata.finalizers?.includes(FINALIZER)) await cleanUp(context, service);
    },
  });

/** Who names a class wants somebody else's load balancer. */
export const wantsLoadBalancer = ({ spec }: Service): boolean => spec?.type === "LoadBalancer" && !spec.loadBalancerClass;

const ensure = async ({ client, cache, events }: Reconcile, service: Service, pool: readonly string[]): Promise<void> => {
  const taken = new Set(
    cache
      .list(services)
      .filter(({ metadata }) => metadata.uid !== service.metadata.uid)
      .flatMap(addressesOf),
  );
  const addresses = chooseAddresses(service, pool, taken);
  const hasFinalizer = service.metadata.finalizers?.includes(FINALIZER) === true;
  if (hasFinalizer && addresses?.join() === addressesOf(service).join()) return;
  events.event(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
  const held = hasFinalizer
    ? service
    : await client.updateStatus(services, {
        ...service,
        metadata: { ...service.metadata, finalizers: [...(service.metadata.finalizers ?? []), FINALIZER] },
      });
  if (!cache.list(nodes).some(takesTraffic))
    events.event(service, "Warning", "UnAvailableLoadBalancer", "There are no available nodes for LoadBalancer");
  if (!addresses) {
    const why = "failed to ensure load balancer: no address of the pool is free";
    events.event(service, "Warning", "SyncLoadBalancerFailed", `Error syncing load balancer: ${why}`);
    throw new Error(why);
  }
  await client.updateStatus(services, {
    ...held,
    status: { ...held.status, loadBalancer: { ingress: addresses.map((ip) => ({ ip })) } },
  });
  events.event(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
};

const cleanUp = async ({ client, events }: Reconcile, service: Service): Promise<void> => {
  events.event(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer");
  try {
    const { finalizers = [] } = service.metadata;
    await client.updateStatus(services, {
      ...service,
      metadata: { ...service.metadata, finalizers: finalizers.filter((finalizer) => finalizer !== FINALIZER) },
      status: { ...service.status, loadBalancer: {} },
    });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
  events.event(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
};

const takesTraffic = ({ metadata, status }: Node): boolean =>
  metadata.labels?.[EXCLUDE] === undefined &&
  status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
