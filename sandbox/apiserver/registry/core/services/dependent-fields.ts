import type { Service, ServiceSpec } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { isExternallyAccessible, needsHealthCheck } from "./types.ts";

const needsClusterIP = ({ type }: ServiceSpec): boolean => type === "ClusterIP" || type === "NodePort" || type === "LoadBalancer";
const needsNodePort = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === "NodePort" || (type === "LoadBalancer" && allocateLoadBalancerNodePorts !== false);

/**
 * A change of type leaves behind what only the old type needs, where the client has not touched it (dropTypeDependentFields):
 * so a manifest may change one word.
 */
export const dropTypeDependentFields = ({ spec: next }: Draft<Service>, { spec: previous }: Service): void => {
  if (!next || !previous) return;
  const isSame = (field: keyof ServiceSpec): boolean => isSemanticallyEqual(next[field], previous[field]);
  if (needsClusterIP(previous) && !needsClusterIP(next) && isSame("clusterIP") && isSame("clusterIPs")) {
    delete next.clusterIP;
    delete next.clusterIPs;
  }
  if (needsClusterIP(previous) && !needsClusterIP(next)) {
    if (isSame("ipFamilies")) delete next.ipFamilies;
    if (isSame("ipFamilyPolicy")) delete next.ipFamilyPolicy;
  }
  if (needsNodePort(previous) && !needsNodePort(next) && hasSameNodePorts(next, previous))
    for (const port of next.ports ?? []) delete port.nodePort;
  if (needsHealthCheck(previous) && !needsHealthCheck(next) && isSame("healthCheckNodePort")) delete next.healthCheckNodePort;
  if (previous.type === "LoadBalancer" && next.type !== "LoadBalancer") {
    if (isSame("allocateLoadBalancerNodePorts")) delete next.allocateLoadBalancerNodePorts;
    if (isSame("loadBalancerClass")) delete next.loadBalancerClass;
  }
  if (isExternallyAccessible(previous) && !isExternallyAccessible(next) && isSame("externalTrafficPolicy"))
    delete next.externalTrafficPolicy;
};

const hasSameNodePorts = (next: ServiceSpec, previous: ServiceSpec): boolean => {
  const old = new Set((previous.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  return (next.ports ?? []).every(({ nodePort = 0 }) => nodePort === 0 || old.has(nodePort));
};
