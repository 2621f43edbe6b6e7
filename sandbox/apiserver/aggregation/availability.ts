import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { ApiService } from "../discovery/api-services.ts";

/** The condition `Available` of an APIService, without its time. */
export interface Availability {
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
}

interface ServiceLike extends KubeObject {
  readonly spec: { readonly type?: string; readonly ports?: readonly { readonly name?: string; readonly port: number }[] };
}

interface SliceLike extends KubeObject {
  readonly endpoints?: readonly { readonly addresses: readonly string[]; readonly conditions?: { readonly ready?: boolean } }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

/** What stands behind an APIService's `service`, as it is stored. */
export interface Backing {
  readonly service: ServiceLike | undefined;
  readonly slices: readonly SliceLike[];
}

const no = (reason: string, message: string): Availability => ({ status: "False", reason, message });

/** What the stored objects alone say: upstream's checks in their order; undefined when the backend itself has to be asked. */
export const storedAvailability = ({ spec }: ApiService, { service, slices }: Backing): Availability | undefined => {
  const { name = "", namespace = "", port = 443 } = spec.service ?? {};
  if (!service) return no("ServiceNotFound", `service/${name} in ${JSON.stringify(namespace)} is not present`);
  if (service.spec.type === "ExternalName") return undefined;
  const servicePort = service.spec.ports?.find((each) => each.port === port);
  if (!servicePort)
    return no("ServicePortError", `service/${name} in ${JSON.stringify(namespace)} is not listening on port ${String(port)}`);
  if (slices.length === 0) return no("EndpointsNotFound", `cannot find endpointslices for service/${name} in ${JSON.stringify(namespace)}`);
  const reachable = slices.some(
    ({ endpoints = [], ports = [] }) =>
      ports.some((each) => (each.name ?? "") === (servicePort.name ?? "")) &&
      endpoints.some(({ addresses, conditions }) => addresses.length > 0 && conditions?.ready !== false),
  );
  if (!reachable)
    return no(
      "MissingEndpoints",
      `endpointslices for service/${name} in ${JSON.stringify(namespace)} have no addresses with port name ${JSON.stringify(servicePort.name ?? "")}`,
    );
  return undefined;
};

export const passed: Availability = { status: "True", reason: "Passed", message: "all checks passed" };
export const failedDiscovery = (url: string, why: string): Availability =>
  no("FailedDiscoveryCheck", `failing or missing response from ${url}: ${why}`);
