import type { EndpointSlice } from "../api/types.ts";

/** One endpoint of a Service's port, as the rules need it. */
export interface ProxyEndpoint {
  readonly address: string;
  readonly port: number;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly forZones: readonly string[] | undefined;
  readonly forNodes: readonly string[] | undefined;
}

/** The endpoints that slices list for a port of the Service, each address once. `ready` is true for not ready pods too where the Service publishes them. */
export const endpointsOf = (
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: string,
  family: "IPv4" | "IPv6",
): readonly ProxyEndpoint[] => {
  const found = new Map<string, ProxyEndpoint>();
  for (const { addressType, endpoints, ports } of slices) {
    if (addressType !== family) continue;
    for (const { name = "", port, protocol: own = "TCP" } of ports ?? []) {
      if (name !== portName || own !== protocol || port === undefined) continue;
      for (const { addresses, conditions = {}, nodeName, hints } of endpoints ?? []) {
        const ready = conditions.ready !== false;
        const address = addresses[0] ?? "";
        const key = `${address}:${port}`;
        if (found.get(key)?.ready) continue;
        found.set(key, {
          address,
          port,
          node: nodeName ?? undefined,
          ready,
          serving: conditions.serving ?? ready,
          terminating: conditions.terminating === true,
          forZones: hints?.forZones?.map(({ name: zone }) => zone),
          forNodes: hints?.forNodes?.map(({ name: node }) => node),
        });
      }
    }
  }
  return [...found.values()];
};

export interface TrafficOrigin {
  readonly node: string | undefined;
  readonly zone: string | undefined;
  /** Only endpoints of the same node may be used (internalTrafficPolicy or externalTrafficPolicy Local). */
  readonly localOnly: boolean;
}

/** The endpoints that packets from there may reach (kube-proxy's CategorizeEndpoints). */
export const usableEndpoints = (all: readonly ProxyEndpoint[], { node, zone, localOnly }: TrafficOrigin): readonly ProxyEndpoint[] => {
  const near = localOnly ? all.filter((endpoint) => endpoint.node !== undefined && endpoint.node === node) : all;
  const ready = near.filter((endpoint) => endpoint.ready);
  if (ready.length > 0) return localOnly ? ready : hinted(ready, node, zone);
  return near.filter(({ serving, terminating }) => serving && terminating);
};

/** Hints count only when every endpoint bears one and some lead here. */
const hinted = (ready: readonly ProxyEndpoint[], node: string | undefined, zone: string | undefined): readonly ProxyEndpoint[] => {
  const onNode = node !== undefined && ready.every(({ forNodes }) => forNodes?.length);
  if (onNode) {
    const chosen = ready.filter(({ forNodes }) => forNodes?.includes(node));
    if (chosen.length > 0) return chosen;
  }
  if (zone === undefined || !ready.every(({ forZones }) => forZones?.length)) return ready;
  const chosen = ready.filter(({ forZones }) => forZones?.includes(zone));
  return chosen.length > 0 ? chosen : ready;
};
