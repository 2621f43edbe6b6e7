import { badRequest, notFound } from "../../../apimachinery/errors/constructors.ts";
import { failure } from "../../../apimachinery/errors/status.ts";
import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import type { PodLike } from "./pod-target.ts";

/** What `NAME`, `NAME:PORT` and `https:NAME:PORT` mean in a proxy path. */
export interface ProxyName {
  readonly scheme: "http" | "https";
  readonly name: string;
  /** A number, a port's name, or empty for the usual one. */
  readonly port: string;
}

/** Where a proxied request goes. */
export interface ProxyTarget {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
}

/** Upstream's SplitSchemeNamePort. Throws 400. */
export const proxyNameOf = (segment: string, what: string): ProxyName => {
  const parts = segment.split(":");
  const [first = "", second, third] = parts;
  if (parts.length === 1) return { scheme: "http", name: first, port: "" };
  if (parts.length === 2 && second !== undefined) return { scheme: "http", name: first, port: second };
  if (parts.length === 3 && (first === "http" || first === "https" || first === "") && second !== undefined)
    return { scheme: first === "https" ? "https" : "http", name: second, port: third ?? "" };
  throw badRequest(`invalid ${what} request ${JSON.stringify(segment)}`);
};

/** The pod's address, at the asked port or its first. Throws 400 and 404. */
export const podTarget = (reader: Reader, namespace: string, segment: string): ProxyTarget => {
  const { scheme, name, port } = proxyNameOf(segment, "pod");
  const pod = reader.get("", "pods", namespace, name) as PodLike | undefined;
  if (!pod) throw notFound({ group: "", resource: "pods" }, name);
  const host = pod.status?.podIP;
  if (!host) throw badRequest("address not allowed");
  const first = pod.spec.containers.flatMap(({ ports }) => ports ?? [])[0]?.containerPort;
  return { scheme, host, port: Number(port === "" ? (first ?? 80) : port) };
};

interface ServiceLike extends KubeObject {
  readonly spec: {
    readonly type?: string;
    readonly externalName?: string;
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly targetPort?: number | string }[];
  };
}

interface SliceLike extends KubeObject {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

/** One of the service's ready endpoints. Throws 404 for a service or port that is not there, 503 for one with no endpoints. `choose` picks among several. */
export const serviceTarget = (reader: Reader, namespace: string, segment: string, choose: (below: number) => number): ProxyTarget => {
  const { scheme, name, port } = proxyNameOf(segment, "service");
  const service = reader.get("", "services", namespace, name) as ServiceLike | undefined;
  if (!service) throw notFound({ group: "", resource: "services" }, name);
  const ports = service.spec.ports ?? [];
  const wanted = port === "" && ports.length === 1 ? ports[0] : ports.find((each) => each.name === port || String(each.port) === port);
  if (!wanted)
    throw failure(503, "ServiceUnavailable", `no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`);
  const slices = (reader.list("discovery.k8s.io", "endpointslices", namespace) as readonly unknown[] as readonly SliceLike[]).filter(
    ({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === name,
  );
  const targets = slices.flatMap(({ endpoints, ports: slicePorts }) => {
    const found = slicePorts?.find((each) => (each.name ?? "") === (wanted.name ?? ""));
    if (!found?.port) return [];
    const targetPort = found.port;
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses }) => addresses.map((host): ProxyTarget => ({ scheme, host, port: targetPort })));
  });
  const target = targets[targets.length === 0 ? 0 : choose(targets.length)];
  if (!target) throw failure(503, "ServiceUnavailable", `no endpoints available for service ${JSON.stringify(segment)}`);
  return target;
};
