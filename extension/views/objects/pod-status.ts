import type { ContainerStatus, Pod } from "../../../sandbox/index.ts";
import type { Tone } from "../row.ts";

/** What `kubectl get pods` says in its columns READY, STATUS and RESTARTS. */
export interface PodStatus {
  readonly status: string;
  readonly ready: number;
  readonly containers: number;
  readonly restarts: number;
  readonly tone: Tone;
}

/** Why a container does not run, as the STATUS column has it. */
const trouble = ({ state }: ContainerStatus): string | undefined => {
  if (state?.waiting?.reason) return state.waiting.reason;
  if (state?.terminated === undefined) return undefined;
  const { reason, signal, exitCode } = state.terminated;
  if (reason) return reason;
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
};

/** How far initialization is, while it is not over: `Init:0/2`, `Init:CrashLoopBackOff`. */
const initializing = ({ spec, status }: Pod): string | undefined => {
  const wanted = spec.initContainers ?? [];
  for (const [index, current] of (status?.initContainerStatuses ?? []).entries()) {
    const sidecar = wanted.find(({ name }) => name === current.name)?.restartPolicy === "Always";
    if (current.state?.terminated?.exitCode === 0 || (sidecar && current.started)) continue;
    const reason = trouble(current);
    return reason !== undefined && reason !== "PodInitializing" ? `Init:${reason}` : `Init:${index}/${wanted.length}`;
  }
  return undefined;
};

const statusText = (pod: Pod, containers: readonly ContainerStatus[]): string => {
  const phase = pod.status?.reason || (pod.status?.phase ?? "Unknown");
  if (pod.metadata.deletionTimestamp !== undefined) return pod.status?.reason === "NodeLost" ? "Unknown" : "Terminating";
  const initialized = pod.status?.conditions?.some(({ type, status }) => type === "Initialized" && status === "True");
  const init = initialized ? undefined : initializing(pod);
  if (init !== undefined) return init;
  const gated = pod.status?.conditions?.find(({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated");
  if (gated !== undefined) return "SchedulingGated";
  const reason = containers.map(trouble).find((each) => each !== undefined) ?? phase;
  if (reason !== "Completed" || !containers.some(({ ready, state }) => ready && state?.running !== undefined)) return reason;
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ? "Running" : "NotReady";
};

const busy = new Set(["Pending", "ContainerCreating", "PodInitializing", "Terminating", "SchedulingGated"]);

const toneOf = (status: string, ready: boolean): Tone => {
  if (status === "Completed" || status === "Succeeded") return "idle";
  if (status === "Running") return ready ? "good" : "busy";
  return busy.has(status) || /^Init:\d+\/\d+$/.test(status) ? "busy" : "bad";
};

export const podStatusOf = (pod: Pod): PodStatus => {
  const containers = pod.status?.containerStatuses ?? [];
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always").map(({ name }) => name);
  const counting = [...containers, ...(pod.status?.initContainerStatuses ?? []).filter(({ name }) => sidecars.includes(name))];
  const ready = counting.filter((each) => each.ready).length;
  const wanted = pod.spec.containers.length + sidecars.length;
  const status = statusText(pod, containers);
  return {
    status,
    ready,
    containers: wanted,
    restarts: counting.reduce((sum, { restartCount }) => sum + restartCount, 0),
    tone: toneOf(status, ready === wanted),
  };
};
