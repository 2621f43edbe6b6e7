import { selectorFromSet } from "../../apimachinery/labels/selector.ts";
import { keyOf } from "../../apimachinery/meta/types.ts";
import { services } from "../../api/resources.ts";
import type { Pod, Service, ServicePort } from "../../api/types.ts";
import type { Change } from "../../client/informers/informer.ts";
import type { Cache } from "../framework/cache.ts";
import { isPodReady, isTerminal } from "../workloads/pods.ts";

/** The pods that a Service selects. */
export const selectedPods = (pods: readonly Pod[], service: Service): readonly Pod[] => {
  const selector = selectorFromSet(service.spec?.selector);
  return pods.filter(({ metadata }) => selector.matches(metadata.labels));
};

/** The Services whose endpoints a change of a pod may touch (GetServicesToUpdateOnPodChange). */
export const servicesOfPodChange = ({ previous, next }: Change<Pod>, cache: Cache): readonly string[] => {
  if (previous && next && !endpointChanged(previous, next)) return [];
  const versions = [previous, next].filter((pod) => pod !== undefined);
  const namespace = versions[0]!.metadata.namespace ?? "";
  return cache
    .inNamespace(services, namespace)
    .filter(
      ({ spec }) =>
        spec?.selector &&
        Object.keys(spec.selector).length > 0 &&
        versions.some(({ metadata }) => selectorFromSet(spec.selector).matches(metadata.labels)),
    )
    .map(keyOf);
};

const endpointChanged = (previous: Pod, next: Pod): boolean =>
  previous.metadata.deletionTimestamp !== next.metadata.deletionTimestamp ||
  isPodReady(previous) !== isPodReady(next) ||
  isTerminal(previous) !== isTerminal(next) ||
  previous.status?.podIP !== next.status?.podIP ||
  previous.status?.podIPs?.length !== next.status?.podIPs?.length ||
  (previous.status?.podIPs ?? []).some(({ ip }, at) => ip !== next.status?.podIPs?.[at]?.ip) ||
  previous.spec.nodeName !== next.spec.nodeName ||
  previous.spec.hostname !== next.spec.hostname ||
  previous.spec.subdomain !== next.spec.subdomain ||
  !sameLabels(previous.metadata.labels, next.metadata.labels);

const sameLabels = (a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>> = {}): boolean =>
  a === b || (Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value));

/** Whether a pod has an address that a Service may show: it has one, and has not ended (ShouldPodBeInEndpoints). */
export const belongsInEndpoints = (pod: Pod, includeTerminating: boolean): boolean => {
  if (isTerminal(pod)) return false;
  if (!pod.status?.podIP && !pod.status?.podIPs?.length) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
};

/** The number of a Service's port on the pod; undefined where the pod has none of that name (FindPort). */
export const portOn = (pod: Pod, { targetPort, port, protocol = "TCP" }: ServicePort): number | undefined => {
  if (typeof targetPort === "number") return targetPort === 0 ? port : targetPort;
  if (targetPort === undefined) return port;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  for (const { ports } of [...pod.spec.containers, ...sidecars]) {
    const named = ports?.find((candidate) => candidate.name === targetPort && (candidate.protocol ?? "TCP") === protocol);
    if (named) return named.containerPort;
  }
  return undefined;
};

export const isIPv6 = (ip: string): boolean => ip.includes(":");

export const isHeadless = ({ spec }: Service): boolean => spec?.clusterIP === "None";

/** A pod's own name under the Service: where the Service is the pod's subdomain (ShouldSetHostname). */
export const hostnameFor = ({ spec, metadata }: Pod, service: Service): string | undefined =>
  spec.hostname && spec.subdomain === service.metadata.name && metadata.namespace === service.metadata.namespace
    ? spec.hostname
    : undefined;
