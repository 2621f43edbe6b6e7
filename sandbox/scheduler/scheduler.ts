import type { Clock } from "../base/clock/clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import { silentLog, type Log } from "../base/log/log.ts";
import type { Random } from "../base/random/random.ts";
import { untraced, type Step } from "../base/trace/step.ts";
import type { Client } from "../client/client.ts";
import { Informers } from "../client/informers/informers.ts";
import { seriesRecorder, type SeriesRecorder } from "../client/events/series-recorder.ts";
import { Attempts } from "./attempts.ts";
import { bind, permit, reserve, unreserve } from "./binding-cycle.ts";
import { ClusterCache } from "./cache/cluster-cache.ts";
import { ClusterWatcher } from "./cache/cluster-watcher.ts";
import { schedulerOptions } from "./config/configuration.ts";
import type { KubeSchedulerConfiguration, SchedulerOptions } from "./config/types.ts";
import type { Extender } from "./extenders/extender.ts";
import { httpExtender } from "./extenders/http-extender.ts";
import { placeWithExtenders } from "./extenders/place.ts";
import { Failures } from "./failures.ts";
import { SchedulingCycle } from "./framework/cycle.ts";
import { place, preEnqueue, type Decision } from "./framework/decide.ts";
import { fitErrorMessage, noRejections } from "./framework/diagnosis.ts";
import { CycleMemory } from "./framework/memory.ts";
import type { PodInfo } from "./framework/pod-info.ts";
import type { Profile } from "./framework/profile.ts";
import { messageOf } from "./framework/rejection.ts";
import { WaitingPods } from "./framework/waiting-pods.ts";
import { QueueingHints } from "./queue/hints.ts";
import { SchedulingQueue } from "./queue/scheduling-queue.ts";
import type { WaitingPod } from "./queue/waiting-pod.ts";

export interface SchedulerDependencies {
  /** As `system:kube-scheduler`. Its gate holds the scheduler's calls. */
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  /** KubeSchedulerConfiguration v1; the default profile when absent. */
  readonly config?: KubeSchedulerConfiguration;
  /** Shared informers; the scheduler keeps its own when absent. */
  readonly informers?: Informers;
  readonly step?: Step;
  readonly log?: Log;
  readonly hostname?: string;
}

/** How many placements may be on their way to the API at once. */
const mostBindings = 2000;
/** After how many cycles the host gets a breath. */
const cyclesPerBreath = 64;

/** Only pods that have not ended are watched. */
const livingPods = { pods: { fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" } };

/** Gives every pod without a node one (kube-scheduler). Throws ConfigurationError. */
export const createScheduler = (dependencies: SchedulerDependencies): Scheduler =>
  new Scheduler(dependencies, schedulerOptions(dependencies.config));

export class Scheduler implements Component {
  readonly name = "kube-scheduler";
  /** What was tried lately, for explanations. */
  readonly attempts = new Attempts();
  /** Pods that a Permit plugin keeps. */
  readonly waitingPods: WaitingPods;
  readonly cache = new ClusterCache();
  readonly queue: SchedulingQueue;
  readonly options: SchedulerOptions;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #step: Step;
  readonly #log: Log;
  readonly #watcher: ClusterWatcher;
  readonly #failures: Failures;
  readonly #extenders: readonly Extender[];
  readonly #memories = new Map<string, CycleMemory>();
  readonly #recorders = new Map<string, SeriesRecorder>();
  readonly #working = new Set<Promise<void>>();
  readonly #end = new AbortController();
  #revision = 0;
  #running: Promise<void> | undefined;
  #started = false;
  #roomForBindings: (() => void) | undefined;

  constructor(
    { client, clock, random, informers, step = untraced, log = silentLog, hostname }: SchedulerDependencies,
    options: SchedulerOptions,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#random = random;
    this.#step = step;
    this.#log = log;
    this.options = options;
    this.waitingPods = new WaitingPods(clock);
    this.#extenders = options.extenders.map((extender) => httpExtender(extender, clock));
    const profiles = [...options.profiles.values()];
    for (const { schedulerName } of profiles) {
      this.#memories.set(schedulerName, new CycleMemory());
      this.#recorders.set(
        schedulerName,
        seriesRecorder({ client, clock, reportingController: schedulerName, ...(hostname && { hostname }) }),
      );
    }
    this.queue = new SchedulingQueue({
      clock,
      cluster: this.cache,
      hints: new QueueingHints(profiles),
      less: (a, b) => profiles[0]!.queueSort.less?.(a, b) ?? 0,
      gate: (pod) => preEnqueue(this.#profileOf(pod)!, pod, this.cache),
      wake: () => this.#wake(),
      firstBackoff: options.podInitialBackoffSeconds * 1000,
      lastBackoff: options.podMaxBackoffSeconds * 1000,
    });
    this.#watcher = new ClusterWatcher(informers ?? new Informers(client, clock, livingPods), this.cache, {
      waiting: (pod, revision, events) => {
        this.#saw(revision);
        if (!this.#profileOf(pod) || pod.pod.metadata.deletionTimestamp !== undefined) this.queue.delete(pod.uid);
        else if (events.length > 0 || this.queue.has(pod.uid)) this.queue.update(pod, revision, events);
        else this.queue.add(pod, revision);
      },
      settled: (uid) => this.queue.delete(uid),
      happened: (event, revision) => {
        this.#saw(revision);
        this.queue.moveAll(event, revision);
      },
    });
    this.#failures = new Failures({
      client,
      clock,
      log,
      cache: this.cache,
      queue: this.queue,
      watcher: this.#watcher,
      waitingPods: this.waitingPods,
      signal: this.#end.signal,
      recorderOf: (profile) => this.#recorderOf(profile),
    });
  }

  async start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    for (const note of this.options.notes) this.#log.info(note);
    await this.#watcher.start();
    this.#wake();
  }

  async stop(): Promise<void> {
    if (!this.#started || this.#end.signal.aborted) return;
    this.#end.abort(new Error("the scheduler stops"));
    this.#roomForBindings?.();
    this.#watcher.stop();
    this.queue.stop();
    this.waitingPods.stop();
    await this.#running;
    await Promise.all(this.#working);
    for (const recorder of this.#recorders.values()) recorder.stop();
  }

  /** Resolves when every pod that can be scheduled now has been written to the API. */
  async idle(): Promise<void> {
    while (this.#running || this.#working.size > 0) {
      await this.#running;
      await Promise.all(this.#working);
    }
  }

  #profileOf({ pod }: PodInfo): Profile | undefined {
    return this.options.profiles.get(pod.spec?.schedulerName ?? "default-scheduler");
  }

  #saw(revision: number): void {
    if (revision > this.#revision) this.#revision = revision;
  }

  #wake(): void {
    if (!this.#started || this.#end.signal.aborted || this.#running) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      if (this.queue.pending.active > 0) this.#wake();
    });
  }

  /** Schedules until the queue has nothing ready. */
  async #run(): Promise<void> {
    // What woke us may be the first of many changes that are told in one go.
    await Promise.resolve();
    for (let cycles = 1; !this.#end.signal.aborted; cycles++) {
      const pod = this.queue.pop();
      if (!pod) return;
      const cycle = this.#scheduleOne(pod);
      if (cycle) await cycle;
      if (cycles % cyclesPerBreath === 0) await this.#clock.breathe();
      while (this.#working.size >= mostBindings && !this.#end.signal.aborted)
        await new Promise<void>((resolve) => (this.#roomForBindings = resolve));
    }
  }

  /** Answers a promise only when extenders must be waited for. */
  #scheduleOne(pod: WaitingPod): Promise<void> | undefined {
    const { info } = pod;
    const profile = this.#profileOf(info);
    if (!profile || info.pod.metadata.deletionTimestamp !== undefined || this.#watcher.isAssumed(info.uid)) {
      this.queue.done(info.uid);
      return undefined;
    }
    const memory = this.#memories.get(profile.schedulerName)!;
    const start = memory.nextStart;
    const cycle = new SchedulingCycle(info, profile, this.cache, this.#random, memory);
    const extenders = this.#extenders.filter((extender) => extender.isInterested(info));
    if (extenders.length > 0) return placeWithExtenders(cycle, extenders).then((decision) => this.#follow(pod, cycle, start, decision));
    try {
      const decision = this.#step("schedule", { pod: info.pod, nodes: this.cache.nodes.length }, () => place(cycle));
      this.#follow(pod, cycle, start, decision);
    } catch (error) {
      this.#log.error("a scheduling cycle failed", { pod: info.key, error: String(error) });
      this.#background(this.#failures.error(pod, profile, error instanceof Error ? error.message : String(error)));
    }
    return undefined;
  }

  /** Writes an attempt down and does what was decided. */
  #follow(pod: WaitingPod, { pod: info, profile }: SchedulingCycle, start: number, decision: Decision): void {
    this.attempts.add({
      uid: info.uid,
      pod: info.key,
      schedulerName: profile.schedulerName,
      revision: this.#revision,
      time: this.#clock.now(),
      start,
      node: decision.outcome === "scheduled" ? decision.node.name : undefined,
    });
    switch (decision.outcome) {
      case "scheduled":
        return this.#assign(pod, decision);
      case "unschedulable":
        return this.#background(this.#failures.unschedulable(pod, profile, decision));
      case "error":
        return this.#background(this.#failures.error(pod, profile, decision.message));
      case "gated":
        return this.queue.done(info.uid);
    }
  }

  /** Reserves, counts the pod as placed, and sends it on its way to be bound. */
  #assign(pod: WaitingPod, { node, cycle, feasible }: Extract<Decision, { outcome: "scheduled" }>): void {
    const { info } = pod;
    const nodeName = node.name;
    this.#watcher.assume(info, nodeName);
    const reserved = reserve(cycle, node);
    const waits = reserved ?? permit(cycle, nodeName);
    if (waits && "code" in waits) {
      if (!reserved) unreserve(cycle, nodeName);
      this.#watcher.unassume(info, this.#revision);
      this.attempts.undo(info.uid);
      const diagnosis = {
        ...noRejections,
        nodes: this.cache.nodes.length,
        rejectedNodes: [node],
        rejections: [waits],
        plugins: new Set([waits.plugin]),
      };
      const failure =
        waits.code === "Error"
          ? this.#failures.error(pod, cycle.profile, messageOf(waits))
          : this.#failures.unschedulable(pod, cycle.profile, {
              outcome: "unschedulable",
              diagnosis,
              message: fitErrorMessage(diagnosis),
              cycle,
            });
      return this.#background(failure);
    }
    this.#background(this.#bind(pod, cycle, nodeName, waits, feasible.length));
  }

  async #bind(
    pod: WaitingPod,
    cycle: SchedulingCycle,
    nodeName: string,
    waits: ReadonlyMap<string, number> | undefined,
    choices: number,
  ): Promise<void> {
    const { info } = pod;
    const client = this.#clientFor(pod, `fits ${nodeName}${choices > 1 ? `, the best of ${String(choices)} nodes` : ""}`);
    const acting = { client, cluster: this.cache, clock: this.#clock, signal: this.#end.signal };
    const binder = this.#extenders.find((extender) => extender.bind && extender.isInterested(info));
    const failure = await bind(cycle, nodeName, waits, acting, this.waitingPods, binder);
    if (!failure) {
      this.queue.done(info.uid);
      this.#recorderOf(cycle.profile).event(
        info.pod,
        undefined,
        "Normal",
        "Scheduled",
        "Binding",
        `Successfully assigned ${info.key} to ${nodeName}`,
      );
      return;
    }
    if (this.#end.signal.aborted) return;
    unreserve(cycle, nodeName);
    this.#watcher.unassume(info, this.#revision);
    this.attempts.undo(info.uid);
    await this.#failures.unbound(pod, cycle.profile, failure);
  }

  #clientFor({ info, causes }: WaitingPod, why: string): Client {
    return this.#client.because({ item: `pods ${info.key}`, why, revisions: causes });
  }

  #recorderOf({ schedulerName }: Profile): SeriesRecorder {
    return this.#recorders.get(schedulerName)!;
  }

  #background(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#log.error("scheduling went wrong", { error: String(error) }))
      .finally(() => {
        this.#working.delete(tracked);
        this.#roomForBindings?.();
      });
    this.#working.add(tracked);
  }
}
