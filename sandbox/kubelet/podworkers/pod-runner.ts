import type { Container, Pod } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { ContainerRuntime, PodSandboxConfig } from "../../cri/cri.ts";
import type { HostFiles } from "../../cri/host-files.ts";
import { Backoff, goDuration } from "../backoff.ts";
import { containerConfig, dnsOf, hostsFile, sandboxConfig, type DnsConfig } from "../container/container-config.ts";
import type { NodeFacts } from "../container/downward-api.ts";
import { ContainerConfigError, environmentOf, type EnvironmentSources } from "../container/environment.ts";
import type { ImageManager } from "../images/image-manager.ts";
import { describedPod, graceSecondsOf, isOnHostNetwork, isSidecar, podDirectoryOf, terminationLogOf } from "../pod-facts.ts";
import { isRunning, newestOf, sandboxOf, type RuntimePod } from "../runtime-pod.ts";
import type { WaitingReason } from "../status/container-statuses.ts";
import { makeSubPaths, mountsOf } from "../volumes/volume-manager.ts";
import type { ContainerStart, PodPlan } from "./pod-plan.ts";

export type TellPod = (pod: Pod, container: Container | undefined, type: "Normal" | "Warning", reason: string, message: string) => void;

export interface PodRunnerOptions {
  readonly runtime: ContainerRuntime;
  readonly files: HostFiles;
  readonly images: ImageManager;
  readonly clock: Clock;
  readonly tell: TellPod;
  readonly sources: (pod: Pod) => EnvironmentSources;
  readonly nodeFacts: (podIPs: readonly string[]) => NodeFacts;
  readonly clusterDns: () => string | undefined;
  readonly nodeDns: DnsConfig;
  readonly hook: (
    pod: Pod,
    container: Container,
    containerId: string,
    hook: "postStart" | "preStop",
    timeoutSeconds: number,
  ) => Promise<string | undefined>;
}

/** What a round left open. */
export interface RunOutcome {
  /** Containers that could not be started, and why; the others have no entry. */
  readonly waiting: ReadonlyMap<string, WaitingReason>;
  /** Milliseconds until a further round makes sense; undefined: when something happens. */
  readonly retryAfter: number | undefined;
}

/** Does what a plan says, by the runtime (upstream's kuberuntime SyncPod and KillPod). The one place that acts on containers. */
export class PodRunner {
  readonly #options: PodRunnerOptions;
  readonly #crashes = new Backoff(10_000, 300_000);

  constructor(options: PodRunnerOptions) {
    this.#options = options;
  }

  async run(pod: Pod, runtimePod: RuntimePod, plan: PodPlan, volumes: ReadonlyMap<string, string>): Promise<RunOutcome> {
    const { runtime, tell } = this.#options;
    const waiting = new Map<string, WaitingReason>();
    let retryAfter: number | undefined;
    const later = (ms: number): number => (retryAfter = Math.min(retryAfter ?? Infinity, ms));
    if (plan.killPod) {
      const names = new Map([...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((each) => [each.name, each]));
      await Promise.all(
        runtimePod.containers.filter(isRunning).map((each) => this.#stop(pod, names.get(each.metadata.name), each.id, graceSecondsOf(pod))),
      );
      for (const { id } of runtimePod.sandboxes) await runtime.runtime.stopPodSandbox(id);
      if (plan.createSandbox) tell(pod, undefined, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
    }
    let sandboxId = sandboxOf(runtimePod)?.id;
    let ips = sandboxOf(runtimePod)?.ips ?? [];
    let attempt = Math.max(0, plan.attempt - 1);
    if (plan.createSandbox) {
      attempt = plan.attempt;
      const config = this.#sandboxConfig(pod, attempt);
      try {
        sandboxId = await runtime.runtime.runPodSandbox(config, pod.spec?.runtimeClassName);
        ips = (await runtime.runtime.podSandboxStatus(sandboxId)).ips;
      } catch (error) {
        tell(pod, undefined, "Warning", "FailedCreatePodSandBox", `Failed to create pod sandbox: ${(error as Error).message}`);
        return { waiting, retryAfter: 10_000 };
      }
      await this.#options.files.write(
        `${podDirectoryOf(pod)}/etc-hosts`,
        new TextEncoder().encode(hostsFile(pod, isOnHostNetwork(pod) ? [] : ips, this.#options.nodeFacts(ips).nodeName)),
      );
    }
    for (const { id, name, message } of plan.kills) {
      const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === name);
      tell(pod, container, "Normal", "Killing", message);
      await this.#stop(pod, container, id, graceOf(pod, container));
      later(0);
    }
    if (sandboxId === undefined) return { waiting, retryAfter };
    const config = this.#sandboxConfig(pod, attempt);
    for (const start of plan.starts) {
      const wait = this.#crashWait(pod, start);
      if (wait) {
        waiting.set(start.container.name, wait.reason);
        later(wait.ms);
        continue;
      }
      const failed = await this.#start(pod, start, sandboxId, config, ips, volumes);
      if (!failed) continue;
      waiting.set(start.container.name, failed.reason);
      later(failed.retryAfter ?? 10_000);
    }
    return { waiting, retryAfter };
  }

  /** Ends every container within the grace period, main ones first and sidecars in reverse order, then the sandbox. */
  async kill(pod: Pod, runtimePod: RuntimePod, graceSeconds: number): Promise<void> {
    const { runtime, tell } = this.#options;
    const inits = pod.spec?.initContainers ?? [];
    const sidecars = inits.filter(isSidecar).map(({ name }) => name);
    const stop = async (name: string): Promise<void> => {
      const container = [...(pod.spec?.containers ?? []), ...inits].find((each) => each.name === name);
      const newest = newestOf(runtimePod, name);
      if (!isRunning(newest)) return;
      tell(pod, container, "Normal", "Killing", `Stopping container ${name}`);
      await this.#stop(pod, container, newest!.id, graceSeconds);
    };
    const others = [...new Set(runtimePod.containers.map(({ metadata }) => metadata.name))].filter((name) => !sidecars.includes(name));
    await Promise.all(others.map(stop));
    for (const name of sidecars.toReversed()) await stop(name);
    for (const { id } of runtimePod.sandboxes) await runtime.runtime.stopPodSandbox(id);
  }

  /** Removes what is left of a pod in the runtime. */
  async remove(pod: Pod, runtimePod: RuntimePod): Promise<void> {
    for (const { id } of runtimePod.sandboxes) await this.#options.runtime.runtime.removePodSandbox(id);
    this.#crashes.forget(`${pod.metadata.uid ?? ""}/`);
  }

  #sandboxConfig(pod: Pod, attempt: number): PodSandboxConfig {
    const facts = this.#options.nodeFacts([]);
    return sandboxConfig(pod, attempt, facts.nodeName, dnsOf(pod, this.#options.clusterDns(), this.#options.nodeDns));
  }

  /** A container that crashed waits, each time twice as long: CrashLoopBackOff. */
  #crashWait(pod: Pod, { container, after }: ContainerStart): { readonly reason: WaitingReason; readonly ms: number } | undefined {
    if (after === undefined) return undefined;
    const key = `${pod.metadata.uid ?? ""}/${container.name}/${container.image ?? ""}`;
    const now = this.#options.clock.now();
    const ms = this.#crashes.remaining(key, after, now);
    if (ms <= 0) {
      this.#crashes.next(key, after, now);
      return undefined;
    }
    const described = describedPod(pod);
    this.#options.tell(pod, container, "Warning", "BackOff", `Back-off restarting failed container ${container.name} in pod ${described}`);
    return {
      ms,
      reason: {
        reason: "CrashLoopBackOff",
        message: `back-off ${goDuration(this.#crashes.delay(key))} restarting failed container=${container.name} pod=${described}`,
      },
    };
  }

  async #start(
    pod: Pod,
    { container, attempt }: ContainerStart,
    sandboxId: string,
    sandbox: PodSandboxConfig,
    podIPs: readonly string[],
    volumes: ReadonlyMap<string, string>,
  ): Promise<{ readonly reason: WaitingReason; readonly retryAfter?: number } | undefined> {
    const { runtime, images, tell, files } = this.#options;
    const say = (type: "Normal" | "Warning", reason: string, message: string): void => tell(pod, container, type, reason, message);
    const image = await images.ensure(pod, container, sandbox, say);
    if (image) {
      if (image.reason !== "ErrImagePull") say("Warning", "Failed", `Error: ${image.reason}`);
      return {
        reason: { reason: image.reason, message: image.message },
        ...(image.retryAfter !== undefined && { retryAfter: image.retryAfter }),
      };
    }
    const facts = this.#options.nodeFacts(podIPs);
    let id: string;
    try {
      const environment = await environmentOf(pod, container, facts, this.#options.sources(pod));
      await files.write(terminationLogOf(pod, container.name, attempt), new Uint8Array(), 0o666);
      const mounts = mountsOf(pod, container, volumes, environment, attempt);
      await makeSubPaths(pod, container, mounts, files);
      const config = containerConfig(pod, container, {
        attempt,
        environment,
        mounts,
        nodeMemory: facts.allocatable["memory"] ?? 1,
      });
      id = await runtime.runtime.createContainer(sandboxId, config, sandbox);
    } catch (error) {
      say("Warning", "Failed", `Error: ${(error as Error).message}`);
      return {
        reason: {
          reason: error instanceof ContainerConfigError ? "CreateContainerConfigError" : "CreateContainerError",
          message: (error as Error).message,
        },
      };
    }
    say("Normal", "Created", `Created container: ${container.name}`);
    try {
      await runtime.runtime.startContainer(id);
    } catch (error) {
      say("Warning", "Failed", `Error: ${(error as Error).message}`);
      return { reason: { reason: "RunContainerError", message: (error as Error).message } };
    }
    say("Normal", "Started", `Started container ${container.name}`);
    if (!container.lifecycle?.postStart) return undefined;
    const failed = await this.#options.hook(pod, container, id, "postStart", 0);
    if (failed === undefined) return undefined;
    say("Warning", "FailedPostStartHook", "PostStartHook failed");
    tell(pod, container, "Normal", "Killing", "FailedPostStartHook");
    await runtime.runtime.stopContainer(id, graceSecondsOf(pod));
    return { reason: { reason: "PostStartHookError", message: failed } };
  }

  /** The pre-stop hook, then the stop signal, both within the grace period. */
  async #stop(pod: Pod, container: Container | undefined, id: string, graceSeconds: number): Promise<void> {
    const { clock, runtime, hook, tell } = this.#options;
    let left = graceSeconds;
    if (container?.lifecycle?.preStop && left > 0) {
      const began = clock.now();
      const failed = await hook(pod, container, id, "preStop", left);
      if (failed !== undefined) tell(pod, container, "Warning", "FailedPreStopHook", "PreStopHook failed");
      left = Math.max(2, Math.ceil(left - (clock.now() - began) / 1000));
    }
    await runtime.runtime.stopContainer(id, left);
  }
}

/** A probe may have a grace period of its own ("probe-level terminationGracePeriodSeconds"). */
const graceOf = (pod: Pod, container: Container | undefined): number =>
  container?.livenessProbe?.terminationGracePeriodSeconds ??
  container?.startupProbe?.terminationGracePeriodSeconds ??
  pod.spec?.terminationGracePeriodSeconds ??
  30;
