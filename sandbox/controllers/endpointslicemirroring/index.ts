import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { keyOf } from "../../apimachinery/meta/types.ts";
import { endpoints, endpointSlices, services } from "../../api/resources.ts";
import type { Endpoint, DiscoveryV1EndpointPort as EndpointPort, Endpoints, EndpointSlice, EndpointSubset } from "../../api/types.ts";
import type { Cache } from "../framework/cache.ts";
import { defineController } from "../framework/define-controller.ts";
import { index, mapped } from "../framework/watches.ts";
import { isIPv6 } from "../service-endpoints/pods.ts";
import { keyOfEndpoint, keyOfPorts, packSlices, reuseRemoved, type PortGroup } from "../service-endpoints/slices.ts";
import { writeSlices } from "../service-endpoints/write-slices.ts";
import { controllerReference } from "../workloads/owners.ts";
import { wordsOf } from "../workloads/pod-control.ts";

const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const SERVICE_NAME = "kubernetes.io/service-name";
const SKIP = "endpointslice.kubernetes.io/skip-mirror";
const MANAGER = "endpointslicemirroring-controller.k8s.io";
const LEADER = "control-plane.alpha.kubernetes.io/leader";
const BY_ENDPOINTS = "mirrored";
const notCopied = new Set(["endpoints.kubernetes.io/last-change-trigger-time", "kubectl.kubernetes.io/last-applied-configuration"]);

/** Shows Endpoints that people wrote by hand, for a Service without selector, as EndpointSlices. */
export const endpointSliceMirroringController = defineController<Endpoints>({
  name: "endpointslice-mirroring-controller",
  alias: "endpointslicemirroring",
  account: "endpointslicemirroring-controller",
  reconciles: endpoints,
  watches: [
    mapped(services, ({ previous, next }) => [keyOf((next ?? previous)!)]),
    mapped(endpointSlices, ({ previous, next }) => (next && !previous ? [] : mirroredBy((next ?? previous)!))),
  ],
  indexes: [index(endpointSlices, BY_ENDPOINTS, (slice) => mirroredBy(slice))],
  maxRetries: 15,
  async reconcile(key, { client, cache, events, options }) {
    const existing = cache.indexed(endpointSlices, BY_ENDPOINTS, key);
    const mirrored = cache.get(endpoints, key);
    if (!mirrored || !shouldMirror(mirrored, cache)) {
      await writeSlices(client, { create: [], update: [], remove: [...existing], keep: [] }, `Endpoints ${key}`, false, (slice) => slice);
      return;
    }
    const refreshed = (slice: EndpointSlice): EndpointSlice => {
      const { labels, annotations } = metadataFor(mirrored);
      const isRight = isSemanticallyEqual(slice.metadata.labels, labels) && isSemanticallyEqual(slice.metadata.annotations, annotations);
      return isRight ? slice : { ...slice, metadata: { ...slice.metadata, labels, annotations } };
    };
    try {
      for (const type of ["IPv4", "IPv6"] as const) {
        const groups = groupsOf(mirrored.subsets ?? [], type, options.mirroringMaxEndpointsPerSubset);
        const ofType = existing.filter(({ addressType }) => addressType === type);
        const fresh = (ports: readonly EndpointPort[]): EndpointSlice => ({
          apiVersion: "discovery.k8s.io/v1",
          kind: "EndpointSlice",
          metadata: {
            generateName: `${mirrored.metadata.name ?? ""}-`,
            namespace: mirrored.metadata.namespace,
            ...metadataFor(mirrored),
            ownerReferences: [controllerReference(endpoints, mirrored)],
          },
          addressType: type,
          ports,
          endpoints: [],
        });
        const changes = packSlices(ofType, groups, { fresh, refreshed, most: options.mirroringMaxEndpointsPerSubset });
        await writeSlices(
          client,
          reuseRemoved(changes, () => true),
          `Endpoints ${key}`,
          true,
          (slice) => slice,
        );
      }
    } catch (error) {
      events.event(
        mirrored,
        "Warning",
        "FailedToUpdateEndpointSlices",
        `Error updating EndpointSlices for Endpoints ${key}: ${wordsOf(error)}`,
      );
      throw error;
    }
  },
});

const mirroredBy = ({ metadata }: EndpointSlice): readonly string[] => {
  const name = metadata.labels?.[SERVICE_NAME];
  return name && metadata.labels?.[MANAGED_BY] === MANAGER ? [`${metadata.namespace ?? ""}/${name}`] : [];
};

const shouldMirror = (mirrored: Endpoints, cache: Cache): boolean => {
  if (mirrored.metadata.labels?.[SKIP] === "true" || mirrored.metadata.annotations?.[LEADER] !== undefined) return false;
  const service = cache.get(services, keyOf(mirrored));
  return service !== undefined && Object.keys(service.spec?.selector ?? {}).length === 0;
};

const metadataFor = ({ metadata }: Endpoints) => {
  const annotations = Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)));
  return {
    labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name ?? "", [MANAGED_BY]: MANAGER },
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
};

const groupsOf = (subsets: readonly EndpointSubset[], type: "IPv4" | "IPv6", most: number): readonly PortGroup[] => {
  const groups = new Map<string, { readonly ports: readonly EndpointPort[]; readonly endpoints: Map<string, Endpoint> }>();
  for (const subset of subsets) {
    const ports = (subset.ports ?? []).map(({ name = "", port, protocol, appProtocol }) => ({
      name,
      port,
      ...(protocol && { protocol }),
      ...(appProtocol && { appProtocol }),
    }));
    const key = keyOfPorts(ports);
    const all = [
      ...(subset.addresses ?? []).map((address) => ({ address, ready: true })),
      ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false })),
    ].slice(0, most);
    for (const { address, ready } of all) {
      if (isIPv6(address.ip) !== (type === "IPv6")) continue;
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { ports, endpoints: new Map() }));
      const endpoint: Endpoint = {
        addresses: [address.ip],
        conditions: { ready },
        ...(address.hostname && { hostname: address.hostname }),
        ...(address.nodeName && { nodeName: address.nodeName }),
        ...(address.targetRef && { targetRef: address.targetRef }),
      };
      group.endpoints.set(keyOfEndpoint(endpoint), endpoint);
    }
  }
  return [...groups.values()];
};
