import { quantityOf, type Container, type Pod } from "../../../sandbox/index.ts";

/** What a pod asks of its node. */
export interface Requests {
  readonly milliCPU: number;
  /** Bytes. */
  readonly memory: number;
}

const nothing: Requests = { milliCPU: 0, memory: 0 };
const sum = (one: Requests, other: Requests): Requests => ({ milliCPU: one.milliCPU + other.milliCPU, memory: one.memory + other.memory });
const most = (one: Requests, other: Requests): Requests => ({
  milliCPU: Math.max(one.milliCPU, other.milliCPU),
  memory: Math.max(one.memory, other.memory),
});

/** CPU and memory of a resource list: requests, capacity, allocatable. */
export const amountsOf = (list: Readonly<Record<string, string>> | undefined): Requests => ({
  milliCPU: list?.["cpu"] === undefined ? 0 : quantityOf(list["cpu"]).milliValue(),
  memory: list?.["memory"] === undefined ? 0 : quantityOf(list["memory"]).value(),
});

const ofContainer = ({ resources }: Container): Requests => amountsOf(resources?.requests);

const compute = ({ spec }: Pod): Requests => {
  let sidecars = nothing;
  let peak = nothing;
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === "Always") {
      sidecars = sum(sidecars, ofContainer(container));
      peak = most(peak, sidecars);
    } else peak = most(peak, sum(sidecars, ofContainer(container)));
  }
  const running = spec.containers.map(ofContainer).reduce(sum, sidecars);
  const ofAll = most(running, peak);
  const asked = spec.resources?.requests;
  const ofPod = amountsOf(asked);
  const decided = {
    milliCPU: asked?.["cpu"] === undefined ? ofAll.milliCPU : ofPod.milliCPU,
    memory: asked?.["memory"] === undefined ? ofAll.memory : ofPod.memory,
  };
  return sum(decided, amountsOf(spec.overhead));
};

const known = new WeakMap<Pod, Requests>();

/** The effective request (component-helpers' PodRequests): containers and sidecars together, or the largest init container, or what the pod itself asks, with overhead. */
export const requestsOf = (pod: Pod): Requests => {
  let requests = known.get(pod);
  if (requests === undefined) known.set(pod, (requests = compute(pod)));
  return requests;
};

/** Of all these pods together; those that have ended ask for nothing. */
export const requestsOfAll = (pods: readonly Pod[]): Requests =>
  pods
    .filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed")
    .map(requestsOf)
    .reduce(sum, nothing);

/** `1.25`, for CPUs. */
export const cpuText = (milli: number): string => String(Math.round(milli / 10) / 100);

const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];

/** `1.5Gi`, for bytes. */
export const memoryText = (bytes: number): string => {
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount >= 100 ? Math.round(amount) : Math.round(amount * 10) / 10}${units[power] ?? ""}`;
};

/** `30%`; nothing where there is nothing to share out. */
export const shareText = (part: number, whole: number): string => (whole === 0 ? "" : ` (${Math.round((100 * part) / whole)}%)`);
