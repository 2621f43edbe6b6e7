import type { Pod } from "../../api/types.ts";
import { pods } from "../../api/resources.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { Clock, Timer } from "../../base/clock/clock.ts";
import type { Client } from "../../client/client.ts";
import type { ContainerRuntime } from "../../cri/cri.ts";
import type { HostFiles } from "../../cri/host-files.ts";
import type { Rejection } from "../admission/pod-admission.ts";
import type { NodeFacts } from "../container/downward-api.ts";
import { terminationMessage } from "../container/termination-message.ts";
import { graceSecondsOf, isFinished } from "../pod-facts.ts";
import type { Prober } from "../prober/prober.ts";
import { readRuntimePod, sandboxOf, type RuntimePod } from "../runtime-pod.ts";
import type { WaitingReason } from "../status/container-statuses.ts";
import { podStatusOf } from "../status/pod-status.ts";
import type { StatusManager } from "../status/status-manager.ts";
import { MountError, type VolumeManager } from "../volumes/volume-manager.ts";
import { hasEnded, planPod } from "./pod-plan.ts";
import type { PodRunner, TellPod } from "./pod-runner.ts";

export interface PodWorkersOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly runtime: ContainerRuntime;
  readonly runtimeName: string;
  readonly files: HostFiles;
  /** The minor version that the kubelet reports: statuses have more fields from one to the next. */
  readonly minor: number;
  readonly runner: PodRunner;
  readonly statuses: StatusManager;
  readonly volumes: VolumeManager;
  readonly prober: Prober;
  readonly tell: TellPod;
  readonly admit: (pod: Pod) => Rejection | undefined;
  readonly nodeFacts: (podIPs: readonly string[]) => NodeFacts;
  readonly hostIPs: () => readonly string[];
}

type Phase = "syncing" | "terminating" | "terminated";

interface Worker {
  pod: Pod;
  phase: Phase;
  working: boolean;
  wanted: boolean;
  /** The object is gone from the API: nothing is left to report to. */
  deleted: boolean;
  admitted: boolean;
  failure: { readonly reason: string; readonly message: string } | undefined;
  waiting: ReadonlyMap<string, WaitingReason>;
  timer: Timer | undefined;
  mountFailures: number;
  kill: Promise<void> | undefined;
  grace: number;
}

/** One worker a pod, each with one thing at a time to do: bring it up and keep it so, take it down, clean up (upstream's pod workers). */
export class PodWorkers {
  readonly #options: PodWorkersOptions;
  readonly #workers = new Map<string, Worker>();
  #stopped = false;

  constructor(options: PodWorkersOptions) {
    this.#options = options;
  }

  podOf(uid: string): Pod | undefined {
    return this.#workers.get(uid)?.pod;
  }

  /** Every pod that has not been cleaned up yet. */
  list(): readonly Pod[] {
    return [...this.#workers.values()].map(({ pod }) => pod);
  }

  /** Those that run, or are about to: what admission counts. */
  active(): readonly Pod[] {
    return [...this.#workers.values()].filter(({ phase }) => phase !== "terminated").map(({ pod }) => pod);
  }

  /** The pod is new or has changed. */
  update(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const known = this.#workers.get(uid);
    if (!known && isFinished(pod) && !pod.metadata.deletionTimestamp) return;
    const worker: Worker = known ?? {
      pod,
      phase: "syncing",
      working: false,
      wanted: false,
      deleted: false,
      admitted: false,
      failure: undefined,
      waiting: new Map(),
      timer: undefined,
      mountFailures: 0,
      kill: undefined,
      grace: Infinity,
    };
    worker.pod = pod;
    this.#workers.set(uid, worker);
    if (pod.metadata.deletionTimestamp && worker.phase === "syncing") worker.phase = "terminating";
    // A shorter grace period asked for while it ends already takes effect at once.
    if (worker.phase === "terminating" && pod.metadata.deletionTimestamp && worker.kill && graceSecondsOf(pod) < worker.grace)
      worker.kill = undefined;
    this.wake(uid);
  }

  /** The object is gone: end the pod, report nothing. */
  remove(pod: Pod): void {
    const uid = pod.metadata.uid ?? "";
    const worker = this.#workers.get(uid);
    if (!worker) return;
    worker.deleted = true;
    if (worker.phase === "syncing") worker.phase = "terminating";
    this.wake(uid);
  }

  /** Something happened to the pod: look again. */
  wake(uid: string): void {
    const worker = this.#workers.get(uid);
    if (!worker || this.#stopped) return;
    worker.wanted = true;
    if (!worker.working) void this.#work(uid, worker);
  }

  stop(): void {
    this.#stopped = true;
    for (const { timer } of this.#workers.values()) timer?.cancel();
  }

  async #work(uid: string, worker: Worker): Promise<void> {
    worker.working = true;
    while (worker.wanted && !this.#stopped) {
      worker.wanted = false;
      worker.timer?.cancel();
      worker.timer = undefined;
      let retryAfter: number | undefined;
      try {
        if (worker.phase === "syncing") retryAfter = await this.#sync(worker);
        else if (worker.phase === "terminating") await this.#terminate(worker);
        if (worker.phase === "terminated") await this.#finish(uid, worker);
      } catch (error) {
        if (error instanceof MountError)
          this.#options.tell(
            worker.pod,
            undefined,
            "Warning",
            "FailedMount",
            `MountVolume.SetUp failed for volume "${error.volume}" : ${error.message}`,
          );
        // As upstream's mounter: half a second, doubled up to two minutes.
        retryAfter = error instanceof MountError ? Math.min(122_000, 500 * 2 ** Math.min(20, worker.mountFailures++)) : 10_000;
      }
      if (retryAfter !== undefined && !worker.wanted && this.#workers.has(uid)) {
        if (retryAfter <= 0) worker.wanted = true;
        else worker.timer = this.#options.clock.after(retryAfter, () => this.wake(uid));
      }
    }
    worker.working = false;
  }

  async #sync(worker: Worker): Promise<number | undefined> {
    const { runner, prober, volumes, nodeFacts, tell } = this.#options;
    const { pod } = worker;
    if (!worker.admitted) {
      const rejection = this.#options.admit(pod);
      if (rejection) {
        tell(pod, undefined, "Warning", rejection.reason, rejection.message.replace(/^Pod was rejected: /, ""));
        worker.failure = rejection;
        worker.phase = "terminated";
        await this.#report(worker, { sandboxes: [], containers: [] });
        return undefined;
      }
      worker.admitted = true;
    }
    let runtimePod = await this.#read(pod.metadata.uid!);
    prober.update(pod, runtimePod);
    const deadline = this.#deadline(pod);
    if (deadline !== undefined && deadline <= 0) {
      tell(pod, undefined, "Normal", "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
      worker.failure = { reason: "DeadlineExceeded", message: "Pod was active on the node longer than the specified deadline" };
    }
    if (worker.failure || hasEnded(pod, runtimePod)) {
      await this.#report(worker, runtimePod);
      worker.phase = "terminating";
      worker.wanted = true;
      return undefined;
    }
    await this.#report(worker, runtimePod);
    const paths = await volumes.mount(pod, nodeFacts(sandboxOf(runtimePod)?.ips ?? []));
    worker.mountFailures = 0;
    const plan = planPod(pod, runtimePod, prober);
    const outcome = await runner.run(pod, runtimePod, plan, paths);
    worker.waiting = outcome.waiting;
    runtimePod = await this.#read(pod.metadata.uid!);
    prober.update(pod, runtimePod);
    await this.#report(worker, runtimePod);
    return deadline !== undefined && deadline > 0 ? Math.min(deadline, outcome.retryAfter ?? deadline) : outcome.retryAfter;
  }

  #read(uid: string): Promise<RuntimePod> {
    const { runtime, files } = this.#options;
    return readRuntimePod(runtime, uid, (container) => terminationMessage(files, container));
  }

  /** Milliseconds until spec.activeDeadlineSeconds have passed. */
  #deadline(pod: Pod): number | undefined {
    const seconds = pod.spec?.activeDeadlineSeconds;
    const start = this.#options.statuses.statusOf(pod)?.startTime;
    return seconds === undefined || start === undefined ? undefined : Date.parse(start) + seconds * 1000 - this.#options.clock.now();
  }

  async #terminate(worker: Worker): Promise<void> {
    const { runner, prober } = this.#options;
    const uid = worker.pod.metadata.uid!;
    const runtimePod = await this.#read(uid);
    if (!worker.deleted) await this.#report(worker, runtimePod);
    const grace = worker.deleted ? 1 : graceSecondsOf(worker.pod);
    if (!worker.kill) {
      worker.grace = grace;
      const kill = runner.kill(worker.pod, runtimePod, grace).then(
        () => this.wake(uid),
        () => (worker.kill = undefined),
      );
      worker.kill = kill;
    }
    const after = await this.#read(uid);
    if (
      after.containers.some(({ state }) => state === "CONTAINER_RUNNING") ||
      after.sandboxes.some(({ state }) => state === "SANDBOX_READY")
    )
      return;
    prober.forget(uid);
    worker.phase = "terminated";
    if (!worker.deleted) await this.#report(worker, after);
  }

  /** What is left: volumes, the sandbox of a pod that is being deleted, and then the object itself. */
  async #finish(uid: string, worker: Worker): Promise<void> {
    const { client, runner, volumes, statuses } = this.#options;
    const { pod } = worker;
    if (!pod.metadata.deletionTimestamp && !worker.deleted) return;
    await volumes.unmount(pod);
    await runner.remove(pod, await this.#read(uid));
    if (!worker.deleted) {
      try {
        await client.delete(
          pods,
          { namespace: pod.metadata.namespace!, name: pod.metadata.name! },
          { gracePeriodSeconds: 0, preconditions: { uid } },
        );
      } catch (error) {
        if (!hasReason(error, "NotFound", "Conflict")) throw error;
      }
    }
    statuses.forget(uid);
    worker.timer?.cancel();
    this.#workers.delete(uid);
  }

  async #report(worker: Worker, runtimePod: RuntimePod): Promise<void> {
    const { prober, statuses, runtimeName, clock, hostIPs, minor } = this.#options;
    const current = statuses.statusOf(worker.pod);
    const pod: Pod = current ? { ...worker.pod, status: { ...current, conditions: merged(worker.pod, current) } } : worker.pod;
    const findings = {
      waiting: worker.waiting,
      ready: prober.ready,
      started: prober.started,
      runtimeName,
      minor,
      terminating: worker.phase !== "syncing",
    };
    const status = podStatusOf(pod, runtimePod, {
      ...findings,
      hostIPs: hostIPs(),
      now: clock.now(),
      ...(worker.failure && { failure: worker.failure }),
    });
    if (!(await statuses.set(worker.pod, status))) worker.deleted ||= worker.pod.metadata.deletionTimestamp !== undefined;
  }
}

/** Conditions that others wrote (readiness gates, disruption) as the API has them; the kubelet's own as it last said. */
const merged = (pod: Pod, current: NonNullable<Pod["status"]>): NonNullable<NonNullable<Pod["status"]>["conditions"]> => {
  const own = new Set(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]);
  return [
    ...(current.conditions ?? []).filter(({ type }) => own.has(type)),
    ...(pod.status?.conditions ?? []).filter(({ type }) => !own.has(type)),
  ];
};
