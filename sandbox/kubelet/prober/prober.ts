import type { Container, Pod, Probe } from "../../api/types.ts";
import type { Clock, Timer } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import { isSidecar } from "../pod-facts.ts";
import { isRunning, newestOf, type RuntimePod } from "../runtime-pod.ts";
import type { ProbeFindings } from "../podworkers/pod-plan.ts";
import type { ProbeRunner } from "./probe-runner.ts";

type Kind = "startup" | "readiness" | "liveness";
const kinds: readonly Kind[] = ["startup", "readiness", "liveness"];
const probeOf = (container: Container, kind: Kind): Probe | undefined => container[`${kind}Probe`];
const titles: Readonly<Record<Kind, string>> = { startup: "Startup", readiness: "Readiness", liveness: "Liveness" };

interface Worker {
  readonly kind: Kind;
  readonly containerId: string;
  /** Undefined until the thresholds have said so. */
  result: boolean | undefined;
  run: number;
  last: boolean | undefined;
  timer: Timer | undefined;
  stopped: boolean;
}

export interface ProberOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly run: ProbeRunner;
  /** A result has changed: the pod wants another look. */
  readonly changed: (podUid: string) => void;
  readonly tell: (pod: Pod, container: Container, type: "Normal" | "Warning", reason: string, message: string) => void;
  /** The pod as it is now. */
  readonly podOf: (uid: string) => Pod | undefined;
}

/** Runs the probes of containers ("Configure Liveness, Readiness and Startup Probes"): one worker a container and probe. */
export class Prober implements ProbeFindings {
  readonly #options: ProberOptions;
  /** By pod uid, then `container id/kind`. */
  readonly #workers = new Map<string, Map<string, Worker>>();
  readonly #byContainer = new Map<string, Map<Kind, Worker>>();

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  /** Workers for every running container that has probes, and for no other. */
  update(pod: Pod, runtimePod: RuntimePod): void {
    const uid = pod.metadata.uid ?? "";
    const workers = this.#workers.get(uid) ?? new Map<string, Worker>();
    const wanted = new Set<string>();
    const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
    for (const container of containers) {
      const newest = newestOf(runtimePod, container.name);
      if (!isRunning(newest)) continue;
      for (const kind of kinds) {
        const probe = probeOf(container, kind);
        if (!probe) continue;
        const key = `${newest!.id}/${kind}`;
        wanted.add(key);
        if (workers.has(key)) continue;
        const worker: Worker = {
          kind,
          containerId: newest!.id,
          result: undefined,
          run: 0,
          last: undefined,
          timer: undefined,
          stopped: false,
        };
        workers.set(key, worker);
        const own = this.#byContainer.get(newest!.id) ?? new Map<Kind, Worker>();
        this.#byContainer.set(newest!.id, own.set(kind, worker));
        this.#schedule(uid, container.name, worker, (probe.initialDelaySeconds ?? 0) * 1000);
      }
    }
    for (const [key, worker] of workers) if (!wanted.has(key)) this.#stop(workers, key, worker);
    if (workers.size > 0) this.#workers.set(uid, workers);
    else this.#workers.delete(uid);
  }

  forget(uid: string): void {
    const workers = this.#workers.get(uid);
    for (const [key, worker] of workers ?? []) this.#stop(workers!, key, worker);
    this.#workers.delete(uid);
  }

  stop(): void {
    for (const uid of [...this.#workers.keys()]) this.forget(uid);
  }

  readonly started = (containerId: string): boolean => {
    const worker = this.#byContainer.get(containerId)?.get("startup");
    return worker === undefined || worker.result === true;
  };

  readonly ready = (containerId: string): boolean => {
    const worker = this.#byContainer.get(containerId)?.get("readiness");
    return worker === undefined || worker.result === true;
  };

  readonly unhealthy = (containerId: string): string | undefined => {
    const workers = this.#byContainer.get(containerId);
    if (workers?.get("startup")?.result === false) return "failed startup probe";
    return workers?.get("liveness")?.result === false ? "failed liveness probe" : undefined;
  };

  #stop(workers: Map<string, Worker>, key: string, worker: Worker): void {
    worker.stopped = true;
    worker.timer?.cancel();
    workers.delete(key);
    this.#byContainer.get(worker.containerId)?.delete(worker.kind);
    if (this.#byContainer.get(worker.containerId)?.size === 0) this.#byContainer.delete(worker.containerId);
  }

  #schedule(uid: string, name: string, worker: Worker, ms: number): void {
    worker.timer = this.#options.clock.after(ms, () => void this.#probe(uid, name, worker));
  }

  async #probe(uid: string, name: string, worker: Worker): Promise<void> {
    const pod = this.#options.podOf(uid);
    const container = pod && [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((each) => each.name === name);
    const probe = container && probeOf(container, worker.kind);
    if (worker.stopped || !pod || !container || !probe) return;
    const again = (): void => this.#schedule(uid, name, worker, (probe.periodSeconds ?? 10) * 1000);
    // Startup first: the others wait for it, and it has done its work once it succeeded.
    if (worker.kind === "startup" ? worker.result === true : !this.started(worker.containerId)) {
      again();
      return;
    }
    const { ok, output } = await this.#options
      .run(pod, container, worker.containerId, probe, worker.kind)
      .catch((error: unknown) => ({ ok: false, output: (error as Error).message }));
    if (worker.stopped) return;
    if (!ok) this.#options.tell(pod, container, "Warning", "Unhealthy", `${titles[worker.kind]} probe failed: ${output}`);
    worker.run = ok === worker.last ? worker.run + 1 : 1;
    worker.last = ok;
    const threshold = ok ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3);
    if (worker.run >= threshold && worker.result !== ok) {
      worker.result = ok;
      this.#options.changed(uid);
      // A container that is about to be killed is not probed on.
      if (!ok && worker.kind !== "readiness") return;
    }
    again();
  }
}
