import type { Service } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { isExternallyAccessible } from "./types.ts";

/** Three hours. */
const affinitySeconds = 10_800;

/** SetDefaults_Service. */
export const setServiceDefaults = (service: Draft<Service>): void => {
  const spec = (service.spec ??= {});
  spec.sessionAffinity ||= "None";
  if (spec.sessionAffinity === "None") delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === "ClientIP" && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined)
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } };
  spec.type ||= "ClusterIP";
  for (const port of spec.ports ?? []) {
    port.protocol ||= "TCP";
    port.targetPort ||= port.port;
  }
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= "Cluster";
  if (spec.type === "ClusterIP" || spec.type === "NodePort" || spec.type === "LoadBalancer") spec.internalTrafficPolicy ??= "Cluster";
  if (spec.type !== "LoadBalancer") return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= "VIP";
};
