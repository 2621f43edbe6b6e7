import type { EndpointSlice, Service } from "../api/types.ts";
import type { DnsAnswer, DnsRecord, RecordType } from "../network/network.ts";

/** What the records are made from. */
export interface DnsSource {
  hasNamespace(namespace: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, service: string): readonly EndpointSlice[];
  /** The Services that have this cluster address. */
  servicesAt(address: string): readonly Service[];
  slicesAt(address: string): readonly EndpointSlice[];
}

interface Endpoint {
  readonly address: string;
  /** Its own label: the hostname, or its address with dashes. */
  readonly label: string;
  readonly ports: readonly { readonly name: string; readonly protocol: string; readonly port: number }[];
}

const ttl = 5;
const none: DnsAnswer = { code: "NXDOMAIN", records: [] };
const empty: DnsAnswer = { code: "NOERROR", records: [] };
const isV6 = (address: string): boolean => address.includes(":");
const dashed = (address: string): string => address.replace(/[.:]/g, "-");
const typeOf = (address: string): RecordType => (isV6(address) ? "AAAA" : "A");

/**
 * The cluster's DNS records ("Kubernetes DNS-Based Service Discovery", as CoreDNS serves them, pods insecure). Pure. Undefined: the name
 * is none of the cluster's.
 */
export const lookup = (source: DnsSource, zone: string, asked: string, type: RecordType): DnsAnswer | undefined => {
  const name = asked.toLowerCase();
  if (name.endsWith(".in-addr.arpa") || name.endsWith(".ip6.arpa")) return reverse(source, zone, name, type);
  if (name === zone) return empty;
  if (!name.endsWith(`.${zone}`)) return undefined;
  const labels = name.slice(0, -zone.length - 1).split(".");
  const kind = labels.pop();
  if (kind !== "svc" && kind !== "pod") return none;
  const namespace = labels.pop();
  if (namespace === undefined) return empty;
  if (!source.hasNamespace(namespace)) return none;
  if (labels.length === 0) return empty;
  return kind === "pod" ? podRecords(name, labels, type) : serviceRecords(source, zone, namespace, labels, name, type);
};

/** `10-244-0-7.shop.pod.cluster.local`: what the name says, whether there is such a pod or not. */
const podRecords = (name: string, labels: readonly string[], type: RecordType): DnsAnswer => {
  const [label = ""] = labels;
  if (labels.length !== 1) return none;
  const address = /^\d+(-\d+){3}$/.test(label)
    ? label.replaceAll("-", ".")
    : /^[0-9a-f-]*-[0-9a-f-]*$/.test(label)
      ? label.replaceAll("-", ":")
      : undefined;
  if (address === undefined || (!isV6(address) && address.split(".").some((part) => Number(part) > 255))) return none;
  return type === typeOf(address) ? { code: "NOERROR", records: [{ name, type, ttl, data: address }] } : empty;
};

const serviceRecords = (
  source: DnsSource,
  zone: string,
  namespace: string,
  labels: readonly string[],
  name: string,
  type: RecordType,
): DnsAnswer => {
  const rest = [...labels];
  const serviceName = rest.pop()!;
  const service = source.service(namespace, serviceName);
  if (!service) return none;
  const base = `${serviceName}.${namespace}.svc.${zone}`;
  const { type: kind, externalName, clusterIP, clusterIPs = [clusterIP ?? ""], ports = [] } = service.spec ?? {};
  if (kind === "ExternalName") {
    if (rest.length > 0) return none;
    const target = (externalName ?? "").replace(/\.$/, "");
    const further = type === "CNAME" ? undefined : lookup(source, zone, target, type);
    return { code: "NOERROR", records: [{ name, type: "CNAME", ttl, data: `${target}.` }, ...(further?.records ?? [])] };
  }
  const port =
    rest.length === 2 && rest.every((label) => label.startsWith("_"))
      ? { name: rest[0]!.slice(1), protocol: rest[1]!.slice(1) }
      : undefined;
  const asks = (each: { readonly name?: string; readonly protocol?: string }): boolean =>
    port === undefined || ((each.name ?? "").toLowerCase() === port.name && (each.protocol ?? "TCP").toLowerCase() === port.protocol);
  const own = port ? undefined : rest.length === 1 ? rest[0] : undefined;
  if (!port && rest.length > 1) return none;
  if (clusterIP !== "None" && own === undefined) {
    const wanted = ports.filter(asks);
    if (port && wanted.length === 0) return none;
    if (type === "SRV")
      return srvAnswer(
        name,
        wanted.map((each) => ({ port: each.port, target: base, addresses: clusterIPs })),
      );
    return addresses(name, clusterIPs, type);
  }
  const endpoints = endpointsOf(source.slices(namespace, serviceName)).filter(({ label }) => own === undefined || label === own);
  const serving = port ? endpoints.filter((endpoint) => endpoint.ports.some(asks)) : endpoints;
  if (serving.length === 0) return none;
  if (type !== "SRV") return addresses(name, [...new Set(serving.map(({ address }) => address))], type);
  return srvAnswer(
    name,
    serving.flatMap((endpoint) =>
      endpoint.ports.filter(asks).map((each) => ({ port: each.port, target: `${endpoint.label}.${base}`, addresses: [endpoint.address] })),
    ),
  );
};

const addresses = (name: string, all: readonly string[], type: RecordType): DnsAnswer => ({
  code: "NOERROR",
  records: all.filter((address) => address !== "" && typeOf(address) === type).map((data) => ({ name, type, ttl, data })),
});

/** The records, and the targets' addresses beside them. */
const srvAnswer = (
  name: string,
  found: readonly { readonly port: number; readonly target: string; readonly addresses: readonly string[] }[],
): DnsAnswer => {
  const weight = Math.max(1, Math.floor(100 / Math.max(1, found.length)));
  const records = found.map(({ port, target }): DnsRecord => ({ name, type: "SRV", ttl, data: `0 ${weight} ${port} ${target}.` }));
  return { code: "NOERROR", records };
};

const endpointsOf = (slices: readonly EndpointSlice[]): readonly Endpoint[] =>
  slices.flatMap(({ endpoints, ports }) =>
    (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses: own, hostname }) =>
        own.map((address) => ({
          address,
          label: hostname || dashed(address),
          ports: (ports ?? []).map(({ name = "", protocol = "TCP", port = 0 }) => ({ name, protocol, port })),
        })),
      ),
  );

const reverse = (source: DnsSource, zone: string, name: string, type: RecordType): DnsAnswer | undefined => {
  const address = addressOf(name);
  if (address === undefined) return undefined;
  const targets = source.servicesAt(address).map(({ metadata }) => `${metadata.name ?? ""}.${metadata.namespace ?? ""}.svc.${zone}.`);
  if (targets.length === 0)
    for (const slice of source.slicesAt(address)) {
      const service = slice.metadata.labels?.["kubernetes.io/service-name"];
      if (!service) continue;
      const endpoint = endpointsOf([slice]).find((each) => each.address === address);
      if (endpoint) targets.push(`${endpoint.label}.${service}.${slice.metadata.namespace ?? ""}.svc.${zone}.`);
    }
  if (targets.length === 0) return undefined;
  return type === "PTR" ? { code: "NOERROR", records: [...new Set(targets)].map((data) => ({ name, type, ttl, data })) } : empty;
};

/** The address that a name below in-addr.arpa or ip6.arpa stands for. */
const addressOf = (name: string): string | undefined => {
  const labels = name.split(".").slice(0, -2).reverse();
  if (name.endsWith(".in-addr.arpa")) return labels.length === 4 ? labels.join(".") : undefined;
  if (labels.length !== 32) return undefined;
  const groups = Array.from({ length: 8 }, (_, at) => labels.slice(at * 4, at * 4 + 4).join(""));
  const short = groups.map((group) => group.replace(/^0{1,3}/, ""));
  return short.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
};
