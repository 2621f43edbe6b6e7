import type { Service } from "../../../../../api/types.ts";

type Spec = Service["spec"] | undefined;

export const isHeadless = (spec: Spec): boolean => spec?.clusterIPs?.[0] === "None" || spec?.clusterIP === "None";

/** Whether the Service is of a type that has addresses (headless ones among them). */
export const needsClusterIP = (spec: Spec): boolean => spec !== undefined && spec.type !== "ExternalName";

export const needsNodePort = (spec: Spec): boolean =>
  spec?.type === "NodePort" || (spec?.type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);

/** Load balancers ask nodes for their health where traffic must stay on the node it came to. */
export const needsHealthCheckPort = (spec: Spec): boolean => spec?.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";

/** Addresses that a Service holds. */
export const addressesOf = (spec: Spec): readonly string[] =>
  (spec?.clusterIPs ?? (spec?.clusterIP === undefined ? [] : [spec.clusterIP])).filter((address) => address !== "" && address !== "None");

/** Node ports that a Service holds, each once: ports of different protocols may share one. */
export const portsOf = (spec: Spec): readonly number[] => [
  ...new Set([...(spec?.ports ?? []).map(({ nodePort }) => nodePort ?? 0), spec?.healthCheckNodePort ?? 0].filter((port) => port !== 0)),
];
