import type { Clock } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { PodNetwork } from "../../network/network.ts";
import type { SimulatedNetwork } from "../../network/simulated/simulated-network.ts";
import type {
  Container,
  ContainerConfig,
  ContainerEvent,
  ContainerRuntime,
  ContainerStats,
  ContainerStatus,
  ExecResult,
  PodSandboxConfig,
  PodSandboxStatus,
  RuntimeService,
  StreamingService,
} from "../cri.ts";
import { RuntimeError } from "../cri.ts";
import { behaviorOf, type Behavior } from "./behavior.ts";
import { ContainerFiles } from "./container-files.ts";
import { ContainerLog } from "./container-log.ts";
import { ContainerProcess, identityOf } from "./container-process.ts";
import { normalizedReference, simulatedImage } from "./image-library.ts";
import { normalized, type MemoryFiles } from "./memory-files.ts";
import { answersOf, hostAnswers } from "./pod-listener.ts";
import { SimulatedImages } from "./simulated-images.ts";
import { simulatedStreaming } from "./simulated-streaming.ts";

export interface SimulatedRuntimeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: MemoryFiles;
  readonly network: SimulatedNetwork;
  /** The network as this node's pods join it. */
  readonly podNetwork: PodNetwork;
  /** The node itself: its name and its own address. */
  readonly node: { readonly name: string; readonly address: string };
}

export interface SimulatedSandbox {
  readonly config: PodSandboxConfig;
  readonly containers: Set<string>;
  status: PodSandboxStatus;
}

export interface SimulatedContainer {
  readonly config: ContainerConfig;
  readonly behavior: Behavior;
  readonly sandbox: SimulatedSandbox;
  readonly log: ContainerLog;
  process: ContainerProcess | undefined;
  ended: Promise<void> | undefined;
  status: ContainerStatus;
}

const stateRoot = "/var/lib/drydock/containers";

/** A container runtime whose containers are data and stories: it answers as containerd would. */
export class SimulatedRuntime implements RuntimeService, ContainerRuntime {
  readonly runtime: RuntimeService = this;
  readonly images: SimulatedImages;
  readonly streaming: StreamingService;
  readonly sandboxes = new Map<string, SimulatedSandbox>();
  readonly containers = new Map<string, SimulatedContainer>();
  readonly #podSandboxes = new Map<string, Set<string>>();
  readonly #options: SimulatedRuntimeOptions;
  readonly #listeners = new Set<(event: ContainerEvent) => void>();

  constructor(options: SimulatedRuntimeOptions) {
    this.#options = options;
    this.images = new SimulatedImages(options.clock);
    options.network.listen(options.node.address, hostAnswers(this.sandboxes, this.containers));
    this.streaming = simulatedStreaming(this, options.network);
  }

  readonly events = (listener: (event: ContainerEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  version = () => Promise.resolve({ runtimeName: "drydock", runtimeVersion: "1.0.0", runtimeApiVersion: "v1" });

  status = () =>
    Promise.resolve([
      { type: "RuntimeReady", status: true, reason: "", message: "" },
      { type: "NetworkReady", status: true, reason: "", message: "" },
    ]);

  async runPodSandbox(config: PodSandboxConfig): Promise<string> {
    const id = this.#id();
    const { name, namespace, uid } = config.metadata;
    const ips = isOnHost(config) ? [] : await this.#options.podNetwork.attach({ sandboxId: id, namespace, name });
    const status: PodSandboxStatus = {
      id,
      metadata: config.metadata,
      state: "SANDBOX_READY",
      createdAtMs: this.#options.clock.now(),
      labels: config.labels,
      annotations: config.annotations,
      ips,
    };
    const sandbox: SimulatedSandbox = { config, containers: new Set(), status };
    this.sandboxes.set(id, sandbox);
    this.#podSandboxes.set(uid, (this.#podSandboxes.get(uid) ?? new Set()).add(id));
    if (ips[0] !== undefined) this.#options.network.listen(ips[0], answersOf(sandbox, this.containers));
    return id;
  }

  async stopPodSandbox(id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) return;
    await Promise.all([...sandbox.containers].map((container) => this.stopContainer(container, 0)));
    if (sandbox.status.ips[0] !== undefined) this.#options.network.silence(sandbox.status.ips[0]);
    await this.#options.podNetwork.detach(id);
    sandbox.status = { ...sandbox.status, state: "SANDBOX_NOTREADY" };
  }

  async removePodSandbox(id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox) return;
    await this.stopPodSandbox(id);
    for (const container of sandbox.containers) await this.removeContainer(container);
    this.sandboxes.delete(id);
    const { uid } = sandbox.config.metadata;
    this.#podSandboxes.get(uid)?.delete(id);
    if (this.#podSandboxes.get(uid)?.size === 0) this.#podSandboxes.delete(uid);
  }

  podSandboxStatus = (id: string): Promise<PodSandboxStatus> => this.#answer(() => found(this.sandboxes.get(id), "sandbox", id).status);

  listPodSandbox = (filter: { readonly id?: string; readonly podUid?: string } = {}) =>
    Promise.resolve(this.#sandboxes(filter).map(({ status }) => status));

  createContainer(podSandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string> {
    return this.#answer(() => {
      const sandbox = found(this.sandboxes.get(podSandboxId), "sandbox", podSandboxId);
      const id = this.#id();
      const image = normalizedReference(config.image.image);
      const logPath = `${sandboxConfig.logDirectory}/${config.logPath}`;
      const status: ContainerStatus = {
        id,
        podSandboxId,
        metadata: config.metadata,
        image: { image },
        imageRef: this.images.referenceOf(image),
        state: "CONTAINER_CREATED",
        createdAtMs: this.#options.clock.now(),
        labels: config.labels,
        annotations: config.annotations,
        mounts: config.mounts,
        logPath,
      };
      const behavior = behaviorOf(sandboxConfig.annotations, config.metadata.name);
      this.containers.set(id, {
        config,
        behavior,
        sandbox,
        log: new ContainerLog(this.#options.files, logPath, this.#options.clock),
        process: undefined,
        ended: undefined,
        status,
      });
      sandbox.containers.add(id);
      return id;
    });
  }

  async startContainer(id: string): Promise<void> {
    const container = found(this.containers.get(id), "container", id);
    const { clock, files, network, node, random } = this.#options;
    const { config, sandbox, behavior, log } = container;
    const image = simulatedImage(config.image.image);
    const { uid, gid, groups } = identityOf(config, image);
    const root = `${stateRoot}/${id}/rootfs`;
    const workingDir = config.workingDir || image.workingDir;
    const view = new ContainerFiles({
      host: files,
      root,
      mounts: config.mounts,
      readonlyRoot: config.linux?.securityContext?.readonlyRootfs === true,
      given: givenFiles(container, () => process),
      uid,
      gid,
    });
    if (!view.isDirectory(workingDir)) files.makeDirectoryNow(root + normalized(workingDir));
    const addresses = isOnHost(sandbox.config) ? [node.address] : sandbox.status.ips;
    const process: ContainerProcess = new ContainerProcess({
      clock,
      config,
      sandbox: sandbox.config,
      image,
      behavior,
      files: view,
      log,
      network,
      addresses,
      node: node.name,
      random: random.fork(id),
    });
    const program = process.command[0];
    if (program === "" || (program !== undefined && config.command.length > 0 && /\s/.test(program))) {
      this.#end(container, 128, "StartError", notExecutable(program));
      throw new RuntimeError("Unknown", notExecutable(program));
    }
    if (behavior.startDelay > 0) await clock.sleep(behavior.startDelay);
    container.process = process;
    container.status = {
      ...container.status,
      state: "CONTAINER_RUNNING",
      startedAtMs: clock.now(),
      user: { linux: { uid, gid, supplementalGroups: groups } },
    };
    this.#tell("CONTAINER_STARTED_EVENT", container);
    container.ended = process.run().then(({ exitCode, reason }) => this.#end(container, exitCode, reason));
  }

  async stopContainer(id: string, timeout: number): Promise<void> {
    const container = this.containers.get(id);
    if (!container?.process || container.status.state !== "CONTAINER_RUNNING") return;
    const { process } = container;
    const late = new AbortController();
    if (timeout > 0) {
      process.signal("TERM");
      void this.#options.clock.sleep(timeout * 1000, late.signal).then(
        () => process.kill(),
        () => undefined,
      );
    } else {
      process.kill();
    }
    await container.ended;
    late.abort();
  }

  async removeContainer(id: string): Promise<void> {
    const container = this.containers.get(id);
    if (!container) return;
    await this.stopContainer(id, 0);
    this.containers.delete(id);
    container.sandbox.containers.delete(id);
    this.#options.files.removeNow(`${stateRoot}/${id}`);
    this.#options.files.removeNow(container.status.logPath);
    this.#tell("CONTAINER_DELETED_EVENT", container);
  }

  listContainers = (
    filter: { readonly id?: string; readonly podSandboxId?: string; readonly podUid?: string } = {},
  ): Promise<readonly Container[]> => {
    if (filter.id !== undefined) return Promise.resolve([this.containers.get(filter.id)?.status].filter((each) => each !== undefined));
    const sandboxes = this.#sandboxes({ id: filter.podSandboxId, podUid: filter.podUid });
    return Promise.resolve(sandboxes.flatMap(({ containers }) => [...containers].map((id) => this.containers.get(id)!.status)));
  };

  containerStatus = (id: string): Promise<ContainerStatus> => this.#answer(() => found(this.containers.get(id), "container", id).status);

  updateContainerResources = (id: string): Promise<void> => this.#answer(() => void found(this.containers.get(id), "container", id));

  reopenContainerLog = (): Promise<void> => Promise.resolve();

  async execSync(id: string, command: readonly string[], timeout: number): Promise<ExecResult> {
    const { process } = this.running(id);
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    const late = new AbortController();
    const stdio = {
      read: () => Promise.resolve(undefined),
      out: (chunk: Uint8Array) => void stdout.push(chunk),
      err: (chunk: Uint8Array) => void stderr.push(chunk),
      tty: false,
    };
    const timer = timeout > 0 ? this.#options.clock.after(timeout * 1000, () => late.abort()) : undefined;
    const exitCode = await process.exec(command, stdio, late.signal);
    timer?.cancel();
    if (late.signal.aborted)
      throw new RuntimeError("DeadlineExceeded", `failed to exec in container: timeout ${timeout}s exceeded: context deadline exceeded`);
    return { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), exitCode };
  }

  listContainerStats = (filter: { readonly id?: string; readonly podUid?: string } = {}): Promise<readonly ContainerStats[]> => {
    const now = this.#options.clock.now();
    const ids = filter.id !== undefined ? [filter.id] : this.#sandboxes(filter).flatMap(({ containers }) => [...containers]);
    const running = ids.map((id) => this.containers.get(id)).filter((each) => each?.status.state === "CONTAINER_RUNNING");
    return Promise.resolve(running.map((container) => statsOf(container!, now)));
  };

  /** The container, which must be running. */
  running(id: string): SimulatedContainer & { readonly process: ContainerProcess } {
    const container = found(this.containers.get(id), "container", id);
    if (!container.process || container.status.state !== "CONTAINER_RUNNING")
      throw new RuntimeError("Unknown", `container ${id} is not running`);
    return container as SimulatedContainer & { readonly process: ContainerProcess };
  }

  #sandboxes({ id, podUid }: { readonly id?: string | undefined; readonly podUid?: string | undefined }): readonly SimulatedSandbox[] {
    const ids = id !== undefined ? [id] : podUid !== undefined ? [...(this.#podSandboxes.get(podUid) ?? [])] : [...this.sandboxes.keys()];
    return ids.map((each) => this.sandboxes.get(each)).filter((each) => each !== undefined);
  }

  #end(container: SimulatedContainer, exitCode: number, reason: string, message?: string): void {
    if (container.status.state === "CONTAINER_EXITED") return;
    const now = this.#options.clock.now();
    container.log.flush();
    container.status = {
      ...container.status,
      state: "CONTAINER_EXITED",
      startedAtMs: container.status.startedAtMs ?? now,
      finishedAtMs: now,
      exitCode,
      reason,
      ...(message !== undefined && { message }),
    };
    container.process = undefined;
    this.#tell("CONTAINER_STOPPED_EVENT", container);
  }

  #tell(type: ContainerEvent["type"], { status, sandbox }: SimulatedContainer): void {
    for (const listener of this.#listeners) listener({ type, containerId: status.id, podUid: sandbox.config.metadata.uid });
  }

  #id(): string {
    const { random } = this.#options;
    return `${random.uuid()}${random.uuid()}`.replaceAll("-", "");
  }

  #answer<T>(work: () => T): Promise<T> {
    return new Promise((resolve) => resolve(work()));
  }
}

const isOnHost = ({ linux }: PodSandboxConfig): boolean => linux?.securityContext?.namespaceOptions.network === "NODE";

/** What runtime and kernel put into a container: made when it is read. */
const givenFiles = ({ config, sandbox }: SimulatedContainer, process: () => ContainerProcess): ReadonlyMap<string, () => string> => {
  const { servers = [], searches = [], options = [] } = sandbox.config.dnsConfig ?? {};
  const resolvConf = [
    ...(searches.length > 0 ? [`search ${searches.join(" ")}`] : []),
    ...servers.map((server) => `nameserver ${server}`),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ];
  const commandLine = (): string =>
    process()
      .command.map((word) => `${word}\0`)
      .join("");
  const environ = (): string => config.envs.map(({ key, value }) => `${key}=${value}\0`).join("");
  return new Map([
    ["/etc/hostname", () => `${sandbox.config.hostname}\n`],
    ["/etc/resolv.conf", () => resolvConf.map((line) => `${line}\n`).join("")],
    ...["1", "self"].flatMap((pid): [string, () => string][] => [
      [`/proc/${pid}/cmdline`, commandLine],
      [`/proc/${pid}/environ`, environ],
    ]),
  ]);
};

const found = <T>(value: T | undefined, what: string, id: string): T => {
  if (value === undefined) throw new RuntimeError("NotFound", `an error occurred when try to find ${what} "${id}": not found`);
  return value;
};

const notExecutable = (program: string | undefined): string =>
  `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "${program ?? ""}": executable file not found in $PATH: unknown`;

const statsOf = ({ status, behavior }: SimulatedContainer, now: number): ContainerStats => {
  const cores = behavior.cpu ?? 0.001;
  const memory = behavior.memory ?? 16 * 1024 * 1024;
  const seconds = (now - (status.startedAtMs ?? now)) / 1000;
  return {
    id: status.id,
    timestampMs: now,
    cpu: { usageCoreNanoSeconds: Math.round(cores * seconds * 1e9), usageNanoCores: Math.round(cores * 1e9) },
    memory: { workingSetBytes: memory, usageBytes: memory, rssBytes: memory },
    writableLayerBytes: 8192,
  };
};
