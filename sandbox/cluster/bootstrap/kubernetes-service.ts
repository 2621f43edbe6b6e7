import type { AnyObject } from "../../apimachinery/meta/types.ts";

export interface KubernetesServiceOptions {
  /** The first address of the service range. */
  readonly clusterIp: string;
  readonly ipFamily: "IPv4" | "IPv6";
  /** Where the API server listens; absent when it has no socket. */
  readonly endpoint?: { readonly address: string; readonly port: number };
}

/** The service by which pods reach the API server, and what stands behind it. */
export const kubernetesService = ({ clusterIp, ipFamily, endpoint }: KubernetesServiceOptions): readonly AnyObject[] => {
  const metadata = { name: "kubernetes", namespace: "default" };
  const port = endpoint?.port ?? 6443;
  const service: AnyObject = {
    kind: "Service",
    apiVersion: "v1",
    metadata: { ...metadata, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      type: "ClusterIP",
      clusterIP: clusterIp,
      ipFamilies: [ipFamily],
      ipFamilyPolicy: "SingleStack",
      sessionAffinity: "None",
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: port }],
    },
  };
  if (!endpoint) return [service];
  return [
    service,
    {
      kind: "Endpoints",
      apiVersion: "v1",
      metadata: { ...metadata, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
      subsets: [{ addresses: [{ ip: endpoint.address }], ports: [{ name: "https", port, protocol: "TCP" }] }],
    },
    {
      kind: "EndpointSlice",
      apiVersion: "discovery.k8s.io/v1",
      metadata: { ...metadata, labels: { "kubernetes.io/service-name": "kubernetes" } },
      addressType: ipFamily,
      endpoints: [{ addresses: [endpoint.address], conditions: { ready: true } }],
      ports: [{ name: "https", port, protocol: "TCP" }],
    },
  ];
};
