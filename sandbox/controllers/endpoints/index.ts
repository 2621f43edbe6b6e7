import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { endpoints, pods, services } from "../../api/resources.ts";
import type { Endpoints, Service } from "../../api/types.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { isHeadless, selectedPods, servicesOfPodChange } from "../service-endpoints/pods.ts";
import { TRIGGER_TIME, TriggerTimes } from "../service-endpoints/trigger-times.ts";
import { isNamespaceTerminating, wordsOf } from "../workloads/pod-control.ts";
import { subsetsOf, truncated } from "./subsets.ts";

const HEADLESS = "service.kubernetes.io/headless";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** Keeps the Endpoints of every Service that selects pods: the older form of EndpointSlices. */
export const endpointsController = (): Controller => {
  const triggers = new TriggerTimes();
  return defineController<Service>({
    name: "endpoints-controller",
    alias: "endpoints",
    account: "endpoint-controller",
    eventSource: "endpoint-controller",
    reconciles: services,
    watches: [
      mapped(pods, (change, { cache }) => servicesOfPodChange(change, cache)),
      mapped(endpoints, ({ previous, next }) => (next ? [] : [`${previous!.metadata.namespace ?? ""}/${previous!.metadata.name ?? ""}`])),
    ],
    workers: (options) => options.concurrentEndpointSyncs,
    gatherMs: (options) => options.endpointUpdatesBatchPeriodMs,
    maxRetries: 15,
    async reconcile(key, { client, cache, events }) {
      const service = cache.get(services, key);
      const current = cache.get(endpoints, key);
      if (!service) {
        triggers.forget(key);
        const [namespace, name] = key.split("/") as [string, string];
        // Endpoints that were there for a while may be somebody's own; those of a Service that just went are asked for by name.
        if (current) await client.delete(endpoints, { namespace, name }).catch(unlessNotFound);
        return;
      }
      if (service.spec?.type === "ExternalName" || !service.spec?.selector || Object.keys(service.spec.selector).length === 0) return;
      const selected = selectedPods(cache.inNamespace(pods, service.metadata.namespace ?? ""), service);
      const { subsets, overCapacity } = truncated(subsetsOf(service, selected));
      const time = triggers.next(key, service, selected);
      if (current && isUpToDate(current, service, subsets, overCapacity)) return;
      const next = desired(current, service, subsets, overCapacity, time);
      try {
        await (current ? client.update(endpoints, next) : client.create(endpoints, next));
      } catch (error) {
        if (isNamespaceTerminating(error)) return;
        const about = current ?? service;
        const said = current
          ? (["FailedToUpdateEndpoint", `Failed to update endpoint ${key}`] as const)
          : (["FailedToCreateEndpoint", `Failed to create endpoint for service ${key}`] as const);
        events.event(about, "Warning", said[0], `${said[1]}: ${wordsOf(error)}`);
        throw error;
      }
    },
  });
};

const unlessNotFound = (error: unknown): void => {
  if (!hasReason(error, "NotFound")) throw error;
};

const isUpToDate = (current: Endpoints, service: Service, subsets: Endpoints["subsets"], overCapacity: boolean): boolean => {
  const { [HEADLESS]: _, ...labels } = current.metadata.labels ?? {};
  const isNoted = current.metadata.annotations?.[OVER_CAPACITY] === "truncated";
  const { [HEADLESS]: _own, ...wanted } = service.metadata.labels ?? {};
  return isSemanticallyEqual(current.subsets, subsets) && isSemanticallyEqual(labels, wanted) && isNoted === overCapacity;
};

const desired = (
  current: Endpoints | undefined,
  service: Service,
  subsets: Endpoints["subsets"],
  overCapacity: boolean,
  time: string | undefined,
): Endpoints => {
  const { [TRIGGER_TIME]: _time, [OVER_CAPACITY]: _capacity, ...kept } = current?.metadata.annotations ?? {};
  const annotations = {
    ...kept,
    ...(time !== undefined && { [TRIGGER_TIME]: time }),
    ...(overCapacity && { [OVER_CAPACITY]: "truncated" }),
  };
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {};
  const all = isHeadless(service) ? { ...labels, [HEADLESS]: "" } : labels;
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      ...(current?.metadata ?? { name: service.metadata.name, namespace: service.metadata.namespace }),
      ...{
        labels: Object.keys(all).length > 0 ? all : undefined,
        annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
      },
    },
    ...(subsets && subsets.length > 0 && { subsets }),
  };
};
