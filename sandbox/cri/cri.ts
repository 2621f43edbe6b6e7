/**
 * The Container Runtime Interface, `runtime.v1`: what the kubelet asks of whoever runs containers. The messages bear CRI's names, in
 * camel case; int64 nanoseconds are numbers of milliseconds here (`createdAtMs`), which is what every clock of ours speaks.
 * `cri.cases.ts` is the suite every runtime passes.
 */

export type SandboxState = "SANDBOX_READY" | "SANDBOX_NOTREADY";
export type ContainerState = "CONTAINER_CREATED" | "CONTAINER_RUNNING" | "CONTAINER_EXITED" | "CONTAINER_UNKNOWN";

export interface PodSandboxMetadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  /** Counts the sandboxes that were made for one pod. */
  readonly attempt: number;
}

export interface LinuxResources {
  readonly cpuPeriod?: number;
  readonly cpuQuota?: number;
  readonly cpuShares?: number;
  readonly memoryLimitInBytes?: number;
  readonly oomScoreAdj?: number;
}

export interface NamespaceOptions {
  readonly network: "POD" | "NODE";
  readonly pid: "POD" | "CONTAINER" | "NODE" | "TARGET";
  readonly ipc: "POD" | "NODE";
  /** With pid TARGET: the container whose processes are seen (ephemeral containers). */
  readonly targetId?: string;
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata;
  readonly hostname: string;
  /** Where container logs go, on the node. */
  readonly logDirectory: string;
  readonly dnsConfig?: { readonly servers: readonly string[]; readonly searches: readonly string[]; readonly options: readonly string[] };
  readonly portMappings?: readonly {
    readonly protocol: "TCP" | "UDP" | "SCTP";
    readonly containerPort: number;
    readonly hostPort: number;
    readonly hostIp: string;
  }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly linux?: {
    readonly cgroupParent?: string;
    readonly sysctls?: Readonly<Record<string, string>>;
    readonly securityContext?: {
      readonly namespaceOptions: NamespaceOptions;
      readonly runAsUser?: number;
      readonly supplementalGroups?: readonly number[];
      readonly privileged?: boolean;
    };
    readonly resources?: LinuxResources;
  };
}

export interface PodSandbox {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: SandboxState;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface PodSandboxStatus extends PodSandbox {
  /** The pod's addresses, the primary one first; none on the host's network. */
  readonly ips: readonly string[];
}

export interface ImageSpec {
  readonly image: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Mount {
  readonly containerPath: string;
  readonly hostPath: string;
  readonly readonly?: boolean;
  readonly propagation?: "PROPAGATION_PRIVATE" | "PROPAGATION_HOST_TO_CONTAINER" | "PROPAGATION_BIDIRECTIONAL";
}

export interface ContainerConfig {
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: ImageSpec;
  /** Replaces the image's entrypoint when not empty. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir: string;
  readonly envs: readonly { readonly key: string; readonly value: string }[];
  readonly mounts: readonly Mount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Relative to the sandbox's log directory. */
  readonly logPath: string;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  readonly tty: boolean;
  readonly linux?: {
    readonly resources?: LinuxResources;
    readonly securityContext?: {
      readonly privileged?: boolean;
      readonly runAsUser?: number;
      readonly runAsGroup?: number;
      readonly readonlyRootfs?: boolean;
      readonly noNewPrivs?: boolean;
      readonly supplementalGroups?: readonly number[];
      readonly addCapabilities?: readonly string[];
      readonly dropCapabilities?: readonly string[];
      readonly namespaceOptions?: NamespaceOptions;
      readonly seccomp?: "RuntimeDefault" | "Unconfined" | { readonly localhost: string };
    };
  };
}

export interface Container {
  readonly id: string;
  readonly podSandboxId: string;
  readonly metadata: { readonly name: string; readonly attempt: number };
  readonly image: ImageSpec;
  /** The image's digest or id. */
  readonly imageRef: string;
  readonly state: ContainerState;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerStatus extends Container {
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
  readonly exitCode?: number;
  /** `Completed`, `Error`, `OOMKilled`… */
  readonly reason?: string;
  readonly message?: string;
  readonly mounts: readonly Mount[];
  readonly logPath: string;
  /** Who the first process runs as. */
  readonly user?: {
    readonly linux: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
  };
}

export interface Image {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly repoDigests: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** The numeric user the image runs as, where it says so. */
  readonly uid?: number;
  readonly username?: string;
  readonly pinned?: boolean;
}

export interface ContainerStats {
  readonly id: string;
  readonly timestampMs: number;
  /** Nanoseconds of CPU used since the start, and nanocores now. */
  readonly cpu: { readonly usageCoreNanoSeconds: number; readonly usageNanoCores: number };
  readonly memory: { readonly workingSetBytes: number; readonly usageBytes: number; readonly rssBytes: number };
  readonly writableLayerBytes: number;
}

export interface ExecResult {
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
  readonly exitCode: number;
}

/** Something happened to a container or sandbox: the kubelet looks at its pod again. */
export interface ContainerEvent {
  readonly type: "CONTAINER_CREATED_EVENT" | "CONTAINER_STARTED_EVENT" | "CONTAINER_STOPPED_EVENT" | "CONTAINER_DELETED_EVENT";
  readonly containerId: string;
  readonly podUid: string;
}

/** The byte streams of an exec or attach session. */
export interface Streams {
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly stdout?: (chunk: Uint8Array) => void;
  readonly stderr?: (chunk: Uint8Array) => void;
  readonly tty: boolean;
  readonly resize?: (listener: (size: { readonly width: number; readonly height: number }) => void) => void;
  readonly signal: AbortSignal;
}

/** A runtime said no. The codes are gRPC's. */
export class RuntimeError extends Error {
  readonly code: "NotFound" | "AlreadyExists" | "InvalidArgument" | "DeadlineExceeded" | "Unavailable" | "Unknown";
  constructor(code: RuntimeError["code"], message: string) {
    super(message);
    this.name = "RuntimeError";
    this.code = code;
  }
}

export interface RuntimeService {
  version(): Promise<{ readonly runtimeName: string; readonly runtimeVersion: string; readonly runtimeApiVersion: string }>;
  /** Conditions `RuntimeReady` and `NetworkReady`. */
  status(): Promise<readonly { readonly type: string; readonly status: boolean; readonly reason: string; readonly message: string }[]>;
  runPodSandbox(config: PodSandboxConfig, runtimeHandler?: string): Promise<string>;
  stopPodSandbox(id: string): Promise<void>;
  removePodSandbox(id: string): Promise<void>;
  podSandboxStatus(id: string): Promise<PodSandboxStatus>;
  listPodSandbox(filter?: { readonly id?: string; readonly podUid?: string }): Promise<readonly PodSandbox[]>;
  createContainer(podSandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Sends the stop signal, then kills after `timeout` seconds; resolves when it has ended. A container that is not there is stopped. */
  stopContainer(id: string, timeout: number): Promise<void>;
  removeContainer(id: string): Promise<void>;
  listContainers(filter?: {
    readonly id?: string;
    readonly podSandboxId?: string;
    readonly podUid?: string;
  }): Promise<readonly Container[]>;
  containerStatus(id: string): Promise<ContainerStatus>;
  updateContainerResources(id: string, resources: LinuxResources): Promise<void>;
  reopenContainerLog(id: string): Promise<void>;
  /** Runs to its end; DeadlineExceeded when that takes longer than `timeout` seconds (0: no limit). */
  execSync(id: string, command: readonly string[], timeout: number): Promise<ExecResult>;
  listContainerStats(filter?: { readonly id?: string; readonly podUid?: string }): Promise<readonly ContainerStats[]>;
}

export interface ImageService {
  listImages(): Promise<readonly Image[]>;
  imageStatus(image: ImageSpec): Promise<Image | undefined>;
  /** Answers the image's reference. Fails with the registry's words. */
  pullImage(
    image: ImageSpec,
    auth?: { readonly username: string; readonly password: string },
    sandboxConfig?: PodSandboxConfig,
  ): Promise<string>;
  removeImage(image: ImageSpec): Promise<void>;
  imageFsInfo(): Promise<{ readonly mountpoint: string; readonly usedBytes: number; readonly inodesUsed: number }>;
}

/**
 * Exec, attach and port-forward. CRI answers these with the URL of a streaming server, to which an upgraded connection is
 * passed byte by byte; a runtime within the process hands out the streams themselves.
 */
export type StreamingService =
  | {
      readonly kind: "url";
      exec(
        id: string,
        command: readonly string[],
        want: { readonly tty: boolean; readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean },
      ): Promise<string>;
      attach(
        id: string,
        want: { readonly tty: boolean; readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean },
      ): Promise<string>;
      portForward(podSandboxId: string): Promise<string>;
    }
  | {
      readonly kind: "local";
      /** Resolves with the exit code. */
      exec(id: string, command: readonly string[], streams: Streams): Promise<number>;
      attach(id: string, streams: Streams): Promise<void>;
      /** Answers what the pod sends for what the client sends, until either side ends. */
      portForward(
        podSandboxId: string,
        port: number,
        input: AsyncIterable<Uint8Array>,
        signal: AbortSignal,
      ): Promise<AsyncIterable<Uint8Array>>;
    };

export interface ContainerRuntime {
  readonly runtime: RuntimeService;
  readonly images: ImageService;
  readonly streaming: StreamingService;
  /** Tells of changes as they happen; answers how to stop. A runtime that cannot answers undefined, and the kubelet relists. */
  readonly events: ((listener: (event: ContainerEvent) => void) => () => void) | undefined;
}
