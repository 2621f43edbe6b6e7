import type { Container, ContainerState, ContainerStatus as ApiContainerStatus, Pod } from "../../api/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import type { ContainerStatus } from "../../cri/cri.ts";
import { isSidecar } from "../pod-facts.ts";
import { isExited, isRunning, newestOf, type RuntimePod } from "../runtime-pod.ts";

/** Why a container waits, as the last attempt to start it said. */
export interface WaitingReason {
  readonly reason: string;
  readonly message?: string;
}

/** What statuses are made of besides the spec and the runtime. */
export interface StatusFindings {
  /** By container name. */
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  /** Undefined: there is no readiness probe; a running container is then ready. */
  readonly ready: (containerId: string) => boolean;
  readonly started: (containerId: string) => boolean;
  readonly runtimeName: string;
  /** The kubelet's minor version. */
  readonly minor: number;
  /** The pod's termination is under way: nothing new will start. */
  readonly terminating: boolean;
}

/** Statuses of `spec.containers`, `initContainers` or `ephemeralContainers`, in the spec's order (upstream's convertToAPIContainerStatuses). */
export const containerStatuses = (
  pod: Pod,
  containers: readonly Container[],
  role: "init" | "main" | "ephemeral",
  runtimePod: RuntimePod,
  findings: StatusFindings,
): readonly ApiContainerStatus[] => {
  const previous =
    role === "init"
      ? pod.status?.initContainerStatuses
      : role === "main"
        ? pod.status?.containerStatuses
        : pod.status?.ephemeralContainerStatuses;
  const waitsForInit = role === "main" && (pod.spec?.initContainers?.length ?? 0) > 0 && !hasInitialized(pod, runtimePod, findings);
  return containers.map((container) => {
    const newest = newestOf(runtimePod, container.name);
    const before =
      newest &&
      runtimePod.containers.find(({ metadata }) => metadata.name === container.name && metadata.attempt < newest.metadata.attempt);
    const known = previous?.find(({ name }) => name === container.name);
    const waiting = findings.waiting.get(container.name);
    const restarting = waiting !== undefined && isExited(newest);
    const fallback: WaitingReason = { reason: role === "init" || waitsForInit ? "PodInitializing" : "ContainerCreating" };
    const state: ContainerState = newest && !restarting ? stateOf(newest, findings) : { waiting: waiting ?? fallback };
    const lastState = restarting ? stateOf(newest!, findings) : before ? stateOf(before, findings) : (known?.lastState ?? {});
    const running = isRunning(newest);
    const started = running && findings.started(newest!.id);
    return {
      name: container.name,
      state,
      lastState: Object.keys(lastState).length > 0 && newest === undefined && known?.state?.running ? {} : lastState,
      ready:
        role === "init" && !isSidecar(container)
          ? newest?.exitCode === 0 && isExited(newest)
          : running && started && findings.ready(newest!.id),
      restartCount: newest?.metadata.attempt ?? known?.restartCount ?? 0,
      image: newest?.image.image ?? container.image ?? "",
      imageID: newest?.imageRef ?? "",
      ...(newest && { containerID: `${findings.runtimeName}://${newest.id}` }),
      started: role === "init" && !isSidecar(container) ? running : started,
      // In-place resize and the user of containers are shown since 1.33.
      ...(newest && findings.minor >= 33 && { ...resourcesOf(container), ...(newest.user && { user: newest.user }) }),
      ...(newest && volumeMounts(container)),
    };
  });
};

/** Whether every init container is done, or started where it is a sidecar. */
export const hasInitialized = (pod: Pod, runtimePod: RuntimePod, findings: Pick<StatusFindings, "started">): boolean =>
  (pod.spec?.containers ?? []).some(({ name }) => newestOf(runtimePod, name)) ||
  (pod.spec?.initContainers ?? []).every((container) => {
    const newest = newestOf(runtimePod, container.name);
    return isSidecar(container) ? isRunning(newest) && findings.started(newest!.id) : isExited(newest) && newest!.exitCode === 0;
  });

const stateOf = (container: ContainerStatus, { runtimeName }: StatusFindings): ContainerState => {
  if (container.state === "CONTAINER_RUNNING") return { running: { startedAt: toTime(container.startedAtMs ?? container.createdAtMs) } };
  if (container.state !== "CONTAINER_EXITED") return { waiting: { reason: "ContainerCreating" } };
  return {
    terminated: {
      exitCode: container.exitCode ?? 0,
      reason: container.reason || (container.exitCode === 0 ? "Completed" : "Error"),
      ...(container.message && { message: container.message }),
      startedAt: toTime(container.startedAtMs ?? container.createdAtMs),
      finishedAt: toTime(container.finishedAtMs ?? container.createdAtMs),
      containerID: `${runtimeName}://${container.id}`,
    },
  };
};

/** What the container was given (upstream's allocated and actual resources; ours are never apart). */
const resourcesOf = ({ resources }: Container) => ({
  ...(resources?.requests && Object.keys(resources.requests).length > 0 && { allocatedResources: resources.requests }),
  resources: { ...(resources?.limits && { limits: resources.limits }), ...(resources?.requests && { requests: resources.requests }) },
});

/** Mounts as the status shows them since recursive read-only mounts (KEP-3857). */
const volumeMounts = ({ volumeMounts: mounts }: Container) =>
  mounts && mounts.length > 0
    ? {
        volumeMounts: mounts.map(({ name, mountPath, readOnly }) => ({
          name,
          mountPath,
          ...(readOnly && { readOnly, recursiveReadOnly: "Disabled" }),
        })),
      }
    : {};
