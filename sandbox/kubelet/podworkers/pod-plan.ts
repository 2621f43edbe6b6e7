import type { Container, Pod } from "../../api/types.ts";
import { isSidecar } from "../pod-facts.ts";
import { annotations, isExited, isRunning, newestOf, sandboxOf, type RuntimePod } from "../runtime-pod.ts";

/** What the prober found, for the plan. Undefined: no such probe, or no result yet. */
export interface ProbeFindings {
  readonly started: (containerId: string) => boolean;
  /** The liveness or startup probe has failed too often: the message of the kill. */
  readonly unhealthy: (containerId: string) => string | undefined;
}

export type ContainerRole = "init" | "sidecar" | "main" | "ephemeral";

export interface ContainerStart {
  readonly container: Container;
  readonly role: ContainerRole;
  /** Counts the restarts. */
  readonly attempt: number;
  /** When the attempt before it ended, in milliseconds since the epoch; absent for a first start. */
  readonly after?: number;
}

export interface ContainerKill {
  readonly id: string;
  readonly name: string;
  readonly message: string;
}

/** What has to be done with the runtime so that the pod is as it should be. */
export interface PodPlan {
  /** The sandbox is gone or dead: end what is left of it first. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  readonly attempt: number;
  readonly kills: readonly ContainerKill[];
  readonly starts: readonly ContainerStart[];
}

/** A template's hash: another image or another command is another container. */
export const containerHash = (container: Container): string => {
  const text = JSON.stringify([container.name, container.image, container.command, container.args]);
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16);
};

const shouldRestart = (policy: string, exitCode: number): boolean => policy === "Always" || (policy === "OnFailure" && exitCode !== 0);

/** The restart policy of one container: a sidecar's is its own (KEP-753). */
const policyOf = (pod: Pod, container: Container): string => (isSidecar(container) ? "Always" : (pod.spec?.restartPolicy ?? "Always"));

/** computePodActions of upstream's kuberuntime manager: pure. */
export const planPod = (pod: Pod, runtimePod: RuntimePod, probes: ProbeFindings): PodPlan => {
  const spec = pod.spec;
  const sandbox = sandboxOf(runtimePod);
  const ready = sandbox?.state === "SANDBOX_READY";
  const attempt = sandbox ? sandbox.metadata.attempt + 1 : 0;
  if (!ready) {
    const mains = spec.containers.map((container) => newestOf(runtimePod, container.name));
    const mayRun = spec.containers.some(
      (container, index) => !isExited(mains[index]) || shouldRestart(policyOf(pod, container), mains[index]!.exitCode ?? 0),
    );
    const first = { container: (spec.initContainers ?? [])[0] };
    if (sandbox && !mayRun) return { killPod: true, createSandbox: false, attempt, kills: [], starts: [] };
    const starts = first.container
      ? [startOf(first.container, runtimePod, isSidecar(first.container) ? "sidecar" : "init")]
      : spec.containers.map((container) => startOf(container, runtimePod, "main"));
    return { killPod: sandbox !== undefined, createSandbox: true, attempt, kills: [], starts };
  }
  const kills: ContainerKill[] = [];
  const starts: ContainerStart[] = [];
  const initialized = planInit(pod, runtimePod, probes, kills, starts);
  for (const ephemeral of spec.ephemeralContainers ?? []) {
    if (!newestOf(runtimePod, ephemeral.name)) starts.push({ container: ephemeral, role: "ephemeral", attempt: 0 });
  }
  if (initialized) for (const container of spec.containers) planMain(pod, container, "main", runtimePod, probes, kills, starts);
  return { killPod: false, createSandbox: false, attempt, kills, starts };
};

/** True when every init container has done its work and every sidecar has started. */
const planInit = (pod: Pod, runtimePod: RuntimePod, probes: ProbeFindings, kills: ContainerKill[], starts: ContainerStart[]): boolean => {
  const mainsRan = pod.spec.containers.some(({ name }) => newestOf(runtimePod, name));
  for (const container of pod.spec.initContainers ?? []) {
    const newest = newestOf(runtimePod, container.name);
    if (isSidecar(container)) {
      planMain(pod, container, "sidecar", runtimePod, probes, kills, starts);
      if (!mainsRan && (!isRunning(newest) || !probes.started(newest!.id))) return false;
      continue;
    }
    if (mainsRan) continue;
    if (!newest) {
      starts.push(startOf(container, runtimePod, "init"));
      return false;
    }
    if (isRunning(newest) || newest.state === "CONTAINER_CREATED") return false;
    if (newest.exitCode === 0) continue;
    if (pod.spec.restartPolicy !== "Never") starts.push(startOf(container, runtimePod, "init"));
    return false;
  }
  return true;
};

const planMain = (
  pod: Pod,
  container: Container,
  role: ContainerRole,
  runtimePod: RuntimePod,
  probes: ProbeFindings,
  kills: ContainerKill[],
  starts: ContainerStart[],
): void => {
  const newest = newestOf(runtimePod, container.name);
  if (!newest) return void starts.push(startOf(container, runtimePod, role));
  if (isExited(newest)) {
    if (shouldRestart(policyOf(pod, container), newest.exitCode ?? 0)) starts.push(startOf(container, runtimePod, role));
    return;
  }
  if (!isRunning(newest)) return;
  const changed = newest.annotations[annotations.hash] !== containerHash(container);
  const unhealthy = probes.unhealthy(newest.id);
  if (!changed && unhealthy === undefined) return;
  const message = changed ? `Container ${container.name} definition changed` : `Container ${container.name} ${unhealthy!}`;
  const restarts = changed || policyOf(pod, container) !== "Never";
  kills.push({ id: newest.id, name: container.name, message: restarts ? `${message}, will be restarted` : message });
};

const startOf = (container: Container, runtimePod: RuntimePod, role: ContainerRole): ContainerStart => {
  const newest = newestOf(runtimePod, container.name);
  return {
    container,
    role,
    attempt: newest ? newest.metadata.attempt + 1 : 0,
    ...(newest?.finishedAtMs !== undefined && { after: newest.finishedAtMs }),
  };
};

/** Whether nothing will ever run in the pod again: its phase is Succeeded or Failed. */
export const hasEnded = (pod: Pod, runtimePod: RuntimePod): boolean => {
  const spec = pod.spec;
  const failedInit = (spec.initContainers ?? []).some((container) => {
    const newest = newestOf(runtimePod, container.name);
    return !isSidecar(container) && spec.restartPolicy === "Never" && isExited(newest) && newest!.exitCode !== 0;
  });
  if (failedInit) return true;
  return spec.containers.every((container) => {
    const newest = newestOf(runtimePod, container.name);
    return isExited(newest) && !shouldRestart(policyOf(pod, container), newest!.exitCode ?? 0);
  });
};
