import type { Clock } from "../../base/clock/clock.ts";
import type { ContainerConfig, PodSandboxConfig } from "../cri.ts";
import type { SimulatedNetwork } from "../../network/simulated/simulated-network.ts";
import type { Random } from "../../base/random/random.ts";
import type { Behavior } from "./behavior.ts";
import type { ContainerFiles } from "./container-files.ts";
import type { ContainerLog } from "./container-log.ts";
import type { SimulatedImage } from "./image-library.ts";
import { PortTable, processNetwork } from "./process-network.ts";
import { InputQueue } from "./input-queue.ts";
import { commands } from "./shell/commands/index.ts";
import { encode, Killed, type Process, type Stdio } from "./shell/process.ts";
import { Shell } from "./shell/shell.ts";

export interface ProcessSetting {
  readonly clock: Clock;
  readonly config: ContainerConfig;
  readonly sandbox: PodSandboxConfig;
  readonly image: SimulatedImage;
  readonly behavior: Behavior;
  readonly files: ContainerFiles;
  readonly log: ContainerLog;
  readonly network: SimulatedNetwork;
  readonly addresses: readonly string[];
  readonly node: string;
  readonly random: Random;
}

export interface Ended {
  readonly exitCode: number;
  readonly reason: string;
}

/** Whose processes a container runs: what the pod says, or else its image. */
export const identityOf = (
  { linux }: ContainerConfig,
  image: SimulatedImage,
): { readonly uid: number; readonly gid: number; readonly groups: readonly number[] } => {
  const security = linux?.securityContext;
  const uid = security?.runAsUser ?? image.uid ?? 0;
  const gid = security?.runAsGroup ?? (security?.runAsUser === undefined ? (image.uid ?? 0) : 0);
  return { uid, gid, groups: [...new Set([gid, ...(security?.supplementalGroups ?? [])])] };
};

const shells = new Set(["sh", "bash", "ash"]);

/** The main process of a simulated container: scripted by annotations, a shell's script, or a server that runs until it is told to stop. */
export class ContainerProcess {
  readonly #setting: ProcessSetting;
  readonly #kill = new AbortController();
  readonly #signalListeners = new Set<(signal: string) => void>();
  readonly stdin = new InputQueue();
  /** Who listens: programs of this container. */
  readonly ports = new PortTable();
  readonly command: readonly string[];
  #terminate: ((code: number) => void) | undefined;

  constructor(setting: ProcessSetting) {
    this.#setting = setting;
    const { config, image } = setting;
    this.command =
      config.command.length > 0
        ? [...config.command, ...config.args]
        : [...(image.entrypoint ?? []), ...(config.args.length > 0 ? config.args : (image.cmd ?? []))];
  }

  /** Whether the command is one that a simulated container can run: a shell's script or a known program. */
  get isScript(): boolean {
    const program = this.command[0]?.split("/").at(-1) ?? "";
    return shells.has(program) || commands.has(program);
  }

  /** Runs to the end. Never rejects. */
  async run(): Promise<Ended> {
    const { behavior, image, log } = this.#setting;
    const killed = new Promise<Ended>((resolve) =>
      this.#kill.signal.addEventListener("abort", () => resolve({ exitCode: 137, reason: "Error" }), { once: true }),
    );
    const terminated = new Promise<Ended>(
      (resolve) => (this.#terminate = (exitCode) => resolve({ exitCode, reason: exitCode === 0 ? "Completed" : "Error" })),
    );
    const ends: Promise<Ended>[] = [killed, terminated];
    if (behavior.exitAfter !== undefined) {
      const exitCode = behavior.exitCode ?? 0;
      const reason = behavior.exitReason ?? (exitCode === 0 ? "Completed" : "Error");
      ends.push(this.#after(behavior.exitAfter).then(() => ({ exitCode, reason })));
    }
    const say = (text: string): void => log.write("stdout", encode(`${text}\n`));
    const scripted = behavior.exitAfter !== undefined || behavior.logLines !== undefined;
    for (const line of behavior.logLines ?? (this.isScript ? [] : image.greeting)) say(line);
    if (behavior.logEvery !== undefined && behavior.logEvery > 0)
      this.#repeat(behavior.logEvery, () => say(behavior.logLines?.at(-1) ?? "tick"));
    if (!scripted && this.isScript) ends.push(this.#script());
    if (!this.isScript || scripted)
      this.onSignal(() => void this.#after(behavior.stopDelay ?? 5).then(() => this.#terminate?.(image.stopCode)));
    const ended = await Promise.race(ends);
    this.#kill.abort(new Killed());
    return ended;
  }

  /** SIGTERM and its like. A script without a trap ignores it, as any process with PID 1 does. */
  signal(signal: string): void {
    for (const listener of [...this.#signalListeners]) listener(signal);
  }

  /** SIGKILL. */
  kill(): void {
    this.#kill.abort(new Killed());
  }

  onSignal(listener: (signal: string) => void): () => void {
    this.#signalListeners.add(listener);
    return () => this.#signalListeners.delete(listener);
  }

  /** A further command within the container, with streams of its own. */
  async exec(command: readonly string[], stdio: Stdio, signal?: AbortSignal): Promise<number> {
    const ending = signal ? AbortSignal.any([this.#kill.signal, signal]) : this.#kill.signal;
    const shell = this.#shell(ending, () => () => undefined);
    await this.#provide();
    return this.#guarded(() => shell.exec(command, stdio), ending);
  }

  /** What is made when it is first read may take the host's time: the cluster's waits for it. */
  #provide(): Promise<void> {
    const { clock, files } = this.#setting;
    return clock.busy(files.provide());
  }

  #script(): Promise<Ended> {
    const { log, config } = this.#setting;
    const shell = this.#shell(this.#kill.signal, (listener) => this.onSignal(listener));
    const stdio: Stdio = {
      read: config.stdin ? () => this.stdin.read(this.#kill.signal) : () => Promise.resolve(undefined),
      out: (chunk) => log.write("stdout", chunk),
      err: (chunk) => log.write("stderr", chunk),
      tty: config.tty,
    };
    const run = this.#guarded(async () => {
      await this.#provide();
      return shell.exec(this.command, stdio);
    }, this.#kill.signal);
    return run.then((exitCode) => ({ exitCode, reason: exitCode === 0 ? "Completed" : "Error" }));
  }

  #shell(killed: AbortSignal, onSignal: Process["onSignal"]): Shell {
    const { config, image, clock, files, sandbox, network, addresses, node, random } = this.#setting;
    const { uid, gid, groups } = identityOf(config, image);
    const environment = new Map(Object.entries({ HOSTNAME: sandbox.hostname, HOME: uid === 0 ? "/root" : "/", ...image.env }));
    for (const { key, value } of config.envs) environment.set(key, value);
    const process: Process = {
      clock,
      random,
      files,
      hostname: sandbox.hostname,
      uid,
      gid,
      groups,
      killed,
      onSignal,
      network: processNetwork({ network, files, addresses, hostname: sandbox.hostname, node, ports: this.ports }),
      processes: () => [{ pid: 1, command: this.command.join(" ") || "server" }],
    };
    const shell = new Shell(process, environment, config.workingDir || image.workingDir);
    return shell;
  }

  async #guarded(work: () => Promise<number> | number, killed: AbortSignal): Promise<number> {
    try {
      return await work();
    } catch (error) {
      if (killed.aborted || error instanceof Killed) return 137;
      if (error instanceof Error && "code" in error && typeof error.code === "number") return error.code;
      return 134;
    }
  }

  #after(ms: number): Promise<void> {
    return this.#setting.clock.sleep(Math.min(ms, 2 ** 45), this.#kill.signal).catch(() => new Promise<void>(() => undefined));
  }

  #repeat(ms: number, work: () => void): void {
    void this.#after(ms).then(() => {
      work();
      this.#repeat(ms, work);
    });
  }
}
