import type { EndpointSlice, Service } from "../api/types.ts";
import { endpointsOf, type ProxyEndpoint } from "./endpoints.ts";

/** By which of its addresses a Service is reached. */
export type DoorKind = "cluster-ip" | "node-port" | "external-ip" | "load-balancer";

/** An address and port at which a Service is reached; node ports have no address, they are every node's. */
export interface Door {
  readonly kind: DoorKind;
  readonly address: string | undefined;
  readonly port: number;
}

/** What kube-proxy programs for one port of a Service. */
export interface ServiceRule {
  /** `namespace/name:port`. */
  readonly name: string;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly doors: readonly Door[];
  readonly endpoints: readonly ProxyEndpoint[];
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** Seconds for which a client keeps its endpoint; undefined: no session affinity. */
  readonly affinitySeconds: number | undefined;
}

const skipLabels = ["service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless"];

/** Whether kube-proxy looks at the Service at all (shouldSkipService, and the label by which another proxy takes it over). */
export const isProxied = ({ metadata, spec }: Service): boolean =>
  spec?.type !== "ExternalName" &&
  spec?.clusterIP !== undefined &&
  spec.clusterIP !== "" &&
  spec.clusterIP !== "None" &&
  skipLabels.every((label) => metadata.labels?.[label] === undefined);

const familyOf = (address: string): "IPv4" | "IPv6" => (address.includes(":") ? "IPv6" : "IPv4");

/** The rules of a Service over its slices: pure. */
export const rulesOf = (service: Service, slices: readonly EndpointSlice[]): readonly ServiceRule[] => {
  if (!isProxied(service)) return [];
  const { metadata, spec, status } = service;
  const ips = spec.clusterIPs ?? [spec.clusterIP!];
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800;
  return ips.flatMap((clusterIp) =>
    (spec.ports ?? []).map(({ name = "", port, protocol = "TCP", nodePort }): ServiceRule => {
      const family = familyOf(clusterIp);
      const outside = (kind: DoorKind, addresses: readonly string[]): readonly Door[] =>
        addresses.filter((address) => familyOf(address) === family).map((address) => ({ kind, address, port }));
      const balancers = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode = "VIP" }) => ipMode === "VIP").map(({ ip = "" }) => ip);
      return {
        name: `${metadata.namespace ?? ""}/${metadata.name ?? ""}:${name}`,
        protocol: protocol as ServiceRule["protocol"],
        doors: [
          { kind: "cluster-ip", address: clusterIp, port },
          ...outside("external-ip", spec.externalIPs ?? []),
          ...outside(
            "load-balancer",
            balancers.filter((ip) => ip !== ""),
          ),
          ...(nodePort ? [{ kind: "node-port" as const, address: undefined, port: nodePort }] : []),
        ],
        endpoints: endpointsOf(slices, name, protocol, family),
        internalLocal: spec.internalTrafficPolicy === "Local",
        externalLocal: spec.externalTrafficPolicy === "Local",
        affinitySeconds: spec.sessionAffinity === "ClientIP" ? seconds : undefined,
      };
    }),
  );
};
