import type { EndpointAddress, EndpointSubset, Pod, Service } from "../../api/types.ts";
import { belongsInEndpoints, hostnameFor, isHeadless, isIPv6, portOn } from "../service-endpoints/pods.ts";
import { isPodReady } from "../workloads/pods.ts";

type Port = NonNullable<EndpointSubset["ports"]>[number];

interface Host {
  readonly address: EndpointAddress;
  ready: boolean;
}

/** More addresses than this are not shown (maxCapacity). */
const MOST = 1000;

/** The subsets that a Service's pods make: addresses that offer the same ports stand together (RepackSubsets). */
export const subsetsOf = (service: Service, pods: readonly Pod[]): readonly EndpointSubset[] => {
  const tolerateUnready = service.spec?.publishNotReadyAddresses === true;
  const hosts = new Map<string, Host>();
  const hostsOfPort = new Map<string, { readonly port: Port | undefined; readonly keys: Set<string> }>();
  const offer = (key: string, port: Port | undefined): void => {
    const name = port ? JSON.stringify([port.name ?? "", port.port, port.protocol, port.appProtocol]) : "";
    const known = hostsOfPort.get(name);
    if (known) known.keys.add(key);
    else hostsOfPort.set(name, { port, keys: new Set([key]) });
  };
  for (const pod of pods) {
    if (!belongsInEndpoints(pod, tolerateUnready)) continue;
    const address = addressOf(service, pod);
    if (!address) continue;
    const key = `${address.ip}|${address.targetRef?.uid ?? ""}`;
    hosts.set(key, { address, ready: tolerateUnready || isPodReady(pod) });
    const ports = service.spec?.ports ?? [];
    if (ports.length === 0 && isHeadless(service)) offer(key, undefined);
    for (const servicePort of ports) {
      const number = portOn(pod, servicePort);
      if (number === undefined) continue;
      const { name, protocol = "TCP", appProtocol } = servicePort;
      offer(key, { ...(name && { name }), port: number, protocol, ...(appProtocol !== undefined && { appProtocol }) });
    }
  }
  const portsOfHosts = new Map<string, { readonly keys: readonly string[]; readonly ports: Port[] }>();
  for (const { port, keys } of hostsOfPort.values()) {
    const sorted = [...keys].sort();
    const group = portsOfHosts.get(sorted.join("\n"));
    if (group) group.ports.push(...(port ? [port] : []));
    else portsOfHosts.set(sorted.join("\n"), { keys: sorted, ports: port ? [port] : [] });
  }
  return [...portsOfHosts.values()].map(({ keys, ports }) => {
    const found = keys.map((key) => hosts.get(key)!).sort((a, b) => compareAddresses(a.address, b.address));
    const addresses = found.filter(({ ready }) => ready).map(({ address }) => address);
    const notReadyAddresses = found.filter(({ ready }) => !ready).map(({ address }) => address);
    const sortedPorts = ports.toSorted((a, b) => ((a.name ?? "") < (b.name ?? "") ? -1 : 1));
    return {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(sortedPorts.length > 0 && { ports: sortedPorts }),
    };
  });
};

const compareAddresses = (a: EndpointAddress, b: EndpointAddress): number =>
  a.ip !== b.ip ? (a.ip < b.ip ? -1 : 1) : (a.targetRef?.uid ?? "") < (b.targetRef?.uid ?? "") ? -1 : 1;

/** The pod under its address of the Service's first family; undefined where it has none. */
const addressOf = (service: Service, pod: Pod): EndpointAddress | undefined => {
  const { ipFamilies, clusterIP = "" } = service.spec ?? {};
  const [family] = ipFamilies ?? [];
  const wantsIPv6 =
    family !== undefined
      ? family === "IPv6"
      : clusterIP !== "" && clusterIP !== "None"
        ? isIPv6(clusterIP)
        : isIPv6(pod.status?.podIP ?? "");
  const ip = (pod.status?.podIPs ?? []).map(({ ip: each }) => each).find((each) => isIPv6(each) === wantsIPv6);
  if (ip === undefined) return undefined;
  const hostname = hostnameFor(pod, service);
  const { namespace, name, uid } = pod.metadata;
  return {
    ip,
    ...(hostname && { hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
};

/** At most a thousand addresses, ready ones first, each subset its share (truncateEndpoints). */
export const truncated = (
  subsets: readonly EndpointSubset[],
): { readonly subsets: readonly EndpointSubset[]; readonly overCapacity: boolean } => {
  const ready = subsets.reduce((sum, { addresses = [] }) => sum + addresses.length, 0);
  const notReady = subsets.reduce((sum, { notReadyAddresses = [] }) => sum + notReadyAddresses.length, 0);
  if (ready + notReady <= MOST) return { subsets, overCapacity: false };
  const keepReady = Math.min(ready, MOST);
  const cut = <Address>(list: readonly Address[], total: number, room: number): readonly Address[] =>
    list.slice(0, total === 0 ? 0 : Math.floor((room * list.length) / total));
  const kept = subsets.map(({ addresses = [], notReadyAddresses = [], ports }) => ({
    addresses: cut(addresses, ready, keepReady),
    notReadyAddresses: cut(notReadyAddresses, notReady, MOST - keepReady),
    ports,
  }));
  return {
    subsets: kept.filter(({ addresses, notReadyAddresses }) => addresses.length + notReadyAddresses.length > 0),
    overCapacity: true,
  };
};
