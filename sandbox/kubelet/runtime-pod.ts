import type { ContainerRuntime, ContainerStatus, PodSandboxStatus } from "../cri/cri.ts";

/** A pod as the runtime has it. */
export interface RuntimePod {
  /** Newest first. */
  readonly sandboxes: readonly PodSandboxStatus[];
  /** Every attempt of every container, newest first. */
  readonly containers: readonly ContainerStatus[];
}

/** The runtime's labels and annotations by which the kubelet knows its pods and containers again. */
export const labels = {
  podName: "io.kubernetes.pod.name",
  podNamespace: "io.kubernetes.pod.namespace",
  podUid: "io.kubernetes.pod.uid",
  containerName: "io.kubernetes.container.name",
} as const;

export const annotations = {
  hash: "io.kubernetes.container.hash",
  restartCount: "io.kubernetes.container.restartCount",
  ports: "io.kubernetes.container.ports",
  terminationMessagePath: "io.kubernetes.container.terminationMessagePath",
  terminationMessagePolicy: "io.kubernetes.container.terminationMessagePolicy",
} as const;

/** Asks the runtime for all it knows of a pod; `lastWords` reads what an ended container left. */
export const readRuntimePod = async (
  { runtime }: ContainerRuntime,
  podUid: string,
  lastWords: (container: ContainerStatus) => Promise<string | undefined> = () => Promise.resolve(undefined),
): Promise<RuntimePod> => {
  const [sandboxes, containers] = await Promise.all([runtime.listPodSandbox({ podUid }), runtime.listContainers({ podUid })]);
  const [sandboxStatuses, containerStatuses] = await Promise.all([
    Promise.all(sandboxes.map(({ id }) => runtime.podSandboxStatus(id))),
    Promise.all(
      containers.map(async ({ id }) => {
        const status = await runtime.containerStatus(id);
        const message = status.message || (await lastWords(status));
        return message === undefined || message === status.message ? status : { ...status, message };
      }),
    ),
  ]);
  return {
    sandboxes: sandboxStatuses.sort((a, b) => b.createdAtMs - a.createdAtMs || b.metadata.attempt - a.metadata.attempt),
    containers: containerStatuses.sort((a, b) => b.metadata.attempt - a.metadata.attempt || b.createdAtMs - a.createdAtMs),
  };
};

export const sandboxOf = ({ sandboxes }: RuntimePod): PodSandboxStatus | undefined => sandboxes[0];

/** The newest attempt of a container. */
export const newestOf = ({ containers }: RuntimePod, name: string): ContainerStatus | undefined =>
  containers.find(({ metadata }) => metadata.name === name);

export const isRunning = (container: ContainerStatus | undefined): boolean => container?.state === "CONTAINER_RUNNING";
export const isExited = (container: ContainerStatus | undefined): boolean => container?.state === "CONTAINER_EXITED";
