import type { Container, ContainerStatus, Pod } from "../../api/types.ts";
import {
  addResources,
  defaultMemoryRequest,
  defaultMilliCPURequest,
  noResources,
  raiseResources,
  resourcesOf,
  type ResourceList,
  type Resources,
} from "./resources.ts";

const isSidecar = (container: Container): boolean => container.restartPolicy === "Always";

/** What a container is given: during a resize the greater of what it asks for and what the kubelet has allotted. */
const requestsOf = (container: Container, status: ContainerStatus | undefined, infeasible: boolean): Resources => {
  const granted = status?.resources?.requests;
  if (infeasible && granted) return resourcesOf(granted);
  const requests = resourcesOf(container.resources?.requests);
  if (granted) raiseResources(requests, resourcesOf(granted));
  if (status?.allocatedResources) raiseResources(requests, resourcesOf(status.allocatedResources));
  return requests;
};

const isResizeInfeasible = ({ status }: Pod): boolean =>
  status?.resize === "Infeasible" ||
  (status?.conditions ?? []).some(({ type, reason }) => type === "PodResizePending" && reason === "Infeasible");

const withoutMissing = (requests: Resources, asked: ResourceList | undefined): Resources => {
  if (asked?.["cpu"] === undefined) requests.milliCPU ||= defaultMilliCPURequest;
  if (asked?.["memory"] === undefined) requests.memory ||= defaultMemoryRequest;
  return requests;
};

const isPodLevelResource = (name: string): boolean => name === "cpu" || name === "memory" || name.startsWith("hugepages-");

/**
 * What a pod takes of a node (resource.PodRequests): its containers and sidecars together, or the greatest moment of its
 * init containers if that is more; what the pod as a whole asks for goes before that; the runtime's overhead comes on top.
 * With `nonMissing`, containers that ask for no CPU or memory count with the defaults of scoring.
 */
export const podRequests = (pod: Pod, nonMissing = false): Resources => {
  const { spec, status } = pod;
  const infeasible = isResizeInfeasible(pod);
  const statuses = new Map<string, ContainerStatus>();
  for (const container of status?.containerStatuses ?? []) statuses.set(container.name, container);
  for (const container of status?.initContainerStatuses ?? []) statuses.set(container.name, container);
  const requests = (container: Container): Resources => {
    const asked = requestsOf(container, statuses.get(container.name), infeasible);
    return nonMissing ? withoutMissing(asked, container.resources?.requests) : asked;
  };

  const total = noResources();
  for (const container of spec?.containers ?? []) addResources(total, requests(container));

  const sidecars = noResources();
  const greatest = noResources();
  for (const container of spec?.initContainers ?? []) {
    const own = requests(container);
    if (isSidecar(container)) {
      addResources(total, own);
      addResources(sidecars, own);
      raiseResources(greatest, sidecars);
    } else {
      addResources(own, sidecars);
      raiseResources(greatest, own);
    }
  }
  raiseResources(total, greatest);

  const podLevel = spec?.resources?.requests as ResourceList | undefined;
  if (podLevel) {
    const asked = resourcesOf(Object.fromEntries(Object.entries(podLevel).filter(([name]) => isPodLevelResource(name))));
    if (podLevel["cpu"] !== undefined) total.milliCPU = asked.milliCPU;
    if (podLevel["memory"] !== undefined) total.memory = asked.memory;
    for (const [name, amount] of asked.scalar) total.scalar.set(name, amount);
  }
  if (spec?.overhead) addResources(total, resourcesOf(spec.overhead));
  return total;
};
