import type { Endpoint, DiscoveryV1EndpointPort as EndpointPort, EndpointSlice, Node, Pod, Service } from "../../api/types.ts";
import { services } from "../../api/resources.ts";
import { belongsInEndpoints, hostnameFor, isHeadless, isIPv6, portOn } from "../service-endpoints/pods.ts";
import { keyOfEndpoint, keyOfPorts, type PortGroup } from "../service-endpoints/slices.ts";
import { controllerReference } from "../workloads/owners.ts";
import { isPodReady } from "../workloads/pods.ts";

export type AddressType = "IPv4" | "IPv6";

export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
export const SERVICE_NAME = "kubernetes.io/service-name";
const HEADLESS = "service.kubernetes.io/headless";
export const MANAGER = "endpointslice-controller.k8s.io";
const ZONE = "topology.kubernetes.io/zone";

/** The address families that a Service has slices of. */
export const addressTypesOf = (service: Service): readonly AddressType[] => {
  const { ipFamilies, clusterIP = "" } = service.spec ?? {};
  if (ipFamilies && ipFamilies.length > 0) return ipFamilies.map((family) => (family === "IPv6" ? "IPv6" : "IPv4"));
  if (clusterIP !== "" && clusterIP !== "None") return [isIPv6(clusterIP) ? "IPv6" : "IPv4"];
  return ["IPv4", "IPv6"];
};

/** The endpoints that a Service's pods make, by their ports; and the pods whose node is not known (yet). */
export const desiredGroups = (
  service: Service,
  pods: readonly Pod[],
  type: AddressType,
  nodeOf: (name: string) => Node | undefined,
): { readonly groups: readonly PortGroup[]; readonly homeless: readonly Pod[] } => {
  const groups = new Map<string, { readonly ports: readonly EndpointPort[]; readonly endpoints: Map<string, Endpoint> }>();
  const homeless: Pod[] = [];
  for (const pod of pods) {
    if (!belongsInEndpoints(pod, true)) continue;
    const node = pod.spec.nodeName ? nodeOf(pod.spec.nodeName) : undefined;
    if (pod.spec.nodeName && !node) {
      homeless.push(pod);
      if (!service.spec?.publishNotReadyAddresses) continue;
    }
    const ports = portsOf(service, pod);
    const key = keyOfPorts(ports);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = { ports, endpoints: new Map() }));
    const endpoint = endpointOf(pod, node, service, type);
    if (endpoint.addresses.length > 0) group.endpoints.set(keyOfEndpoint(endpoint), endpoint);
  }
  return { groups: [...groups.values()], homeless };
};

const portsOf = (service: Service, pod: Pod): readonly EndpointPort[] => {
  const ports: EndpointPort[] = [];
  for (const servicePort of service.spec?.ports ?? []) {
    const port = portOn(pod, servicePort);
    if (port === undefined) continue;
    const { name = "", protocol = "TCP", appProtocol } = servicePort;
    ports.push({ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) });
  }
  return ports;
};

const endpointOf = (pod: Pod, node: Node | undefined, service: Service, type: AddressType): Endpoint => {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const { namespace, name, uid } = pod.metadata;
  const zone = node?.metadata.labels?.[ZONE];
  const hostname = hostnameFor(pod, service);
  return {
    addresses: (pod.status?.podIPs ?? []).map(({ ip }) => ip).filter((ip) => isIPv6(ip) === (type === "IPv6")),
    conditions: { ready, serving, terminating },
    ...(hostname && { hostname }),
    targetRef: { kind: "Pod", namespace, name, uid },
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
  };
};

/** A slice of the Service, still without endpoints. */
export const freshSlice = (service: Service, type: AddressType, ports: readonly EndpointPort[]): EndpointSlice => ({
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: {
    generateName: `${service.metadata.name ?? ""}-`,
    namespace: service.metadata.namespace,
    labels: sliceLabels(service),
    ownerReferences: [controllerReference(services, service)],
  },
  addressType: type,
  ports,
  endpoints: [],
});

/** The Service's labels, and who manages the slice for which Service. */
export const sliceLabels = (service: Service): Readonly<Record<string, string>> => {
  const { [SERVICE_NAME]: _name, [MANAGED_BY]: _manager, [HEADLESS]: _headless, ...labels } = service.metadata.labels ?? {};
  return { ...labels, ...(isHeadless(service) && { [HEADLESS]: "" }), [SERVICE_NAME]: service.metadata.name ?? "", [MANAGED_BY]: MANAGER };
};
