import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { controllerOf, isTerminating } from "../../apimachinery/meta/types.ts";
import { endpointSlices, nodes, pods, services } from "../../api/resources.ts";
import type { EndpointSlice, Service } from "../../api/types.ts";
import { ControllerRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { index, mapped } from "../framework/watches.ts";
import { selectedPods, servicesOfPodChange } from "../service-endpoints/pods.ts";
import { packSlices, reuseRemoved, type SliceChanges } from "../service-endpoints/slices.ts";
import { TRIGGER_TIME, TriggerTimes } from "../service-endpoints/trigger-times.ts";
import { writeSlices } from "../service-endpoints/write-slices.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { addressTypesOf, desiredGroups, freshSlice, MANAGED_BY, MANAGER, SERVICE_NAME, sliceLabels, type AddressType } from "./desired.ts";
import { withHints } from "./hints.ts";

const BY_SERVICE = "service";

/** Keeps the EndpointSlices of every Service that selects pods. */
export const endpointSliceController = (): Controller => {
  const triggers = new TriggerTimes();
  return defineController<Service>({
    name: "endpointslice-controller",
    alias: "endpointslice",
    eventSource: "endpoint-slice-controller",
    reconciles: services,
    watches: [
      mapped(pods, (change, { cache }) => servicesOfPodChange(change, cache)),
      mapped(endpointSlices, ({ previous, next }) => serviceOf((next ?? previous)!)),
      // A Service that waits for a node of its pods, or for a node's zone.
      mapped(nodes, ({ previous, next }, { cache }) => {
        if (previous && next && previous.metadata.labels === next.metadata.labels) return [];
        return cache
          .indexed(pods, "node", (next ?? previous)!.metadata.name ?? "")
          .flatMap((pod) => servicesOfPodChange({ next: pod, revision: 0 }, cache));
      }),
    ],
    indexes: [
      index(endpointSlices, BY_SERVICE, (slice) => serviceOf(slice)),
      index(pods, "node", ({ spec }) => (spec.nodeName ? [spec.nodeName] : [])),
    ],
    workers: (options) => options.concurrentServiceEndpointSyncs,
    gatherMs: (options) => options.endpointSliceUpdatesBatchPeriodMs,
    maxRetries: 15,
    rateLimiter: () => new ControllerRateLimiter({ baseMs: 1000, maxMs: 100_000 }),
    async reconcile(key, context) {
      const { cache, events, client } = context;
      const service = cache.get(services, key);
      if (!service) {
        triggers.forget(key);
        return;
      }
      if (service.spec?.type === "ExternalName" || !service.spec?.selector || Object.keys(service.spec.selector).length === 0) return;
      const selected = selectedPods(cache.inNamespace(pods, service.metadata.namespace ?? ""), service);
      const existing = cache.indexed(endpointSlices, BY_SERVICE, key).filter((slice) => !isTerminating(slice));
      const time = triggers.next(key, service, selected);
      const dated = (slice: EndpointSlice): EndpointSlice => withTriggerTime(slice, time);
      const plan = context.step("pack", { service, selected, existing }, () => planFor(context, service, selected, existing));
      try {
        await writeSlices(client, plan.changes, `Service ${key}`, !isTerminating(service), dated);
      } catch (error) {
        events.event(
          service,
          "Warning",
          "FailedToUpdateEndpointSlices",
          `Error updating Endpoint Slices for Service ${key}: ${wordsOf(error)}`,
        );
        throw error;
      }
      if (plan.homeless.length > 0) throw new Error(`skipping Pods for Service ${key}: Node Not Found`);
    },
  });
};

const serviceOf = ({ metadata }: EndpointSlice): readonly string[] => {
  const name = metadata.labels?.[SERVICE_NAME];
  return name && metadata.labels?.[MANAGED_BY] === MANAGER ? [`${metadata.namespace ?? ""}/${name}`] : [];
};

const planFor = (
  { cache, options }: Reconcile,
  service: Service,
  selected: Parameters<typeof desiredGroups>[1],
  existing: readonly EndpointSlice[],
) => {
  const total: SliceChanges = { create: [], update: [], remove: [], keep: [] };
  const homeless = new Set<unknown>();
  const types = addressTypesOf(service);
  for (const slice of existing) if (!types.includes(slice.addressType as AddressType)) total.remove.push(slice);
  const labels = sliceLabels(service);
  const refreshed = (slice: EndpointSlice): EndpointSlice =>
    isSemanticallyEqual(slice.metadata.labels, labels) ? slice : { ...slice, metadata: { ...slice.metadata, labels } };
  for (const type of types) {
    const { groups, homeless: without } = desiredGroups(service, selected, type, (name) => cache.get(nodes, name));
    for (const pod of without) homeless.add(pod);
    const ofType = existing.filter((slice) => slice.addressType === type);
    const packed = packSlices(ofType, groups, {
      fresh: (ports) => freshSlice(service, type, ports),
      refreshed,
      most: options.maxEndpointsPerSlice,
    });
    const changes = reuseRemoved(
      withPlaceholder(packed, ofType, freshSlice(service, type, [])),
      (slice) => controllerOf(slice)?.uid === service.metadata.uid,
    );
    const hinted = withHints(service, changes);
    for (const part of ["create", "update", "remove", "keep"] as const) total[part].push(...hinted[part]);
  }
  return { changes: total, homeless: [...homeless] };
};

/** A Service without endpoints has one empty slice, so that it can be told from one that nobody looked at. */
const withPlaceholder = (changes: SliceChanges, existing: readonly EndpointSlice[], placeholder: EndpointSlice): SliceChanges => {
  if (changes.remove.length !== existing.length || changes.create.length > 0) return changes;
  const [only] = changes.remove;
  const isPlaceholder = changes.remove.length === 1 && (only!.ports ?? []).length === 0 && (only!.endpoints ?? []).length === 0;
  if (isPlaceholder && isSemanticallyEqual(only!.metadata.labels, placeholder.metadata.labels))
    return { ...changes, remove: [], keep: [only!] };
  return { ...changes, create: [placeholder] };
};

const withTriggerTime = (slice: EndpointSlice, time: string | undefined): EndpointSlice => {
  const { [TRIGGER_TIME]: _, ...annotations } = slice.metadata.annotations ?? {};
  const next = time === undefined ? annotations : { ...annotations, [TRIGGER_TIME]: time };
  return { ...slice, metadata: { ...slice.metadata, annotations: Object.keys(next).length > 0 ? next : undefined } };
};
