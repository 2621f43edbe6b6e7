import type { Endpoints, EndpointSlice, Ingress, IngressClass, IPAddress, NetworkPolicy, Service, ServiceCIDR } from "../../api/types.ts";
import { ageColumn, nameColumn, string, table, wide } from "./columns.ts";
import { firstThree, hostPort, labelsText, loadBalancerText, selectorText } from "./formatting.ts";

const externalText = ({ spec, status }: Service): string => {
  const external = spec?.externalIPs ?? [];
  if (spec?.type === "ExternalName") return spec.externalName ?? "";
  if (spec?.type !== "LoadBalancer") return external.join(",") || "<none>";
  const balancer = loadBalancerText(status?.loadBalancer);
  return [...(balancer === "" ? [] : balancer.split(",")), ...external].join(",") || "<pending>";
};

const portsText = ({ spec }: Service): string =>
  (spec?.ports ?? [])
    .map(({ port, nodePort, protocol = "TCP" }) => (nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`))
    .join(",") || "<none>";

export const serviceTable = table<Service>([
  nameColumn(),
  string("Type", "@core.v1.ServiceSpec.type", ({ spec }) => spec?.type ?? ""),
  string("Cluster-IP", "@core.v1.ServiceSpec.clusterIP", ({ spec }) => spec?.clusterIPs?.[0] || spec?.clusterIP || "<none>"),
  string("External-IP", "@core.v1.ServiceSpec.externalIPs", externalText),
  string("Port(s)", "@core.v1.ServiceSpec.ports", portsText),
  ageColumn(),
  wide(string("Selector", "@core.v1.ServiceSpec.selector", ({ spec }) => labelsText(spec?.selector))),
]);

const endpointsText = ({ subsets = [] }: Endpoints): string => {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0 ? addresses.map(({ ip }) => ip) : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  return all.length === 0 ? "<none>" : firstThree(all);
};

export const endpointsTable = table<Endpoints>([
  nameColumn(),
  string("Endpoints", "@core.v1.Endpoints.subsets", endpointsText),
  ageColumn(),
]);

export const endpointSliceTable = table<EndpointSlice>([
  nameColumn(),
  string("AddressType", "@discovery.v1.EndpointSlice.addressType", ({ addressType }) => addressType),
  string(
    "Ports",
    "@discovery.v1.EndpointSlice.ports",
    ({ ports }) => firstThree((ports ?? []).map(({ port, name }) => (port !== undefined ? String(port) : name || "*"))) || "<unset>",
  ),
  string(
    "Endpoints",
    "@discovery.v1.EndpointSlice.endpoints",
    ({ endpoints }) => firstThree((endpoints ?? []).flatMap(({ addresses }) => addresses)) || "<unset>",
  ),
  ageColumn(),
]);

const hostsText = ({ spec }: Ingress): string => {
  const hosts = (spec?.rules ?? []).flatMap(({ host }) => host || []);
  return hosts.length === 0 ? "*" : firstThree(hosts);
};

export const ingressTable = table<Ingress>([
  nameColumn(),
  string(
    "Class",
    "The name of the IngressClass resource that should be used for additional configuration",
    ({ spec }) => spec?.ingressClassName ?? "<none>",
  ),
  string("Hosts", "Hosts that incoming requests are matched against before the ingress rule", hostsText),
  string("Address", "Address is a list containing ingress points for the load-balancer", ({ status }) =>
    loadBalancerText(status?.loadBalancer),
  ),
  string("Ports", "Ports of TLS configurations that open", ({ spec }) => ((spec?.tls?.length ?? 0) > 0 ? "80, 443" : "80")),
  ageColumn(),
]);

const parametersText = ({ spec }: IngressClass): string => {
  const parameters = spec?.parameters;
  return parameters ? `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ""}/${parameters.name}` : "<none>";
};

export const ingressClassTable = table<IngressClass>([
  nameColumn(),
  string("Controller", "Controller that is responsible for handling this class", ({ spec }) => spec?.controller ?? ""),
  string("Parameters", "A reference to a resource with additional parameters", parametersText),
  ageColumn(),
]);

export const networkPolicyTable = table<NetworkPolicy>([
  nameColumn(),
  string(
    "Pod-Selector",
    "Selects the pods to which this NetworkPolicy object applies.  The array of ingress rules is applied to any pods selected by this field. Multiple network policies can select the same set of pods.  In this case, the ingress rules for each are combined additively. This field is NOT optional and follows standard label selector semantics. An empty podSelector matches all pods in this namespace.",
    ({ spec }) => selectorText(spec?.podSelector),
  ),
  ageColumn(),
]);

export const serviceCIDRTable = table<ServiceCIDR>([
  nameColumn(),
  string("CIDRs", "@networking.v1.ServiceCIDRSpec.cidrs", ({ spec }) => (spec?.cidrs ?? []).join(",")),
  ageColumn(),
]);

const parentText = ({ spec }: IPAddress): string => {
  const { group = "", namespace = "", ...named } = spec?.parentRef ?? { resource: "", name: "" };
  return [group, named.resource, namespace, named.name].filter((part) => part !== "").join("/");
};

export const ipAddressTable = table<IPAddress>([
  nameColumn(),
  string("ParentRef", "@networking.v1.IPAddressSpec.parentRef", parentText),
  ageColumn(),
]);
