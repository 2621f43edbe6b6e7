import type { Clock, Timer } from "../../base/clock/clock.ts";
import type { Cluster } from "../framework/cluster.ts";
import type { Diagnosis } from "../framework/diagnosis.ts";
import type { ClusterEvent, ClusterEventKind } from "../framework/events.ts";
import type { QueuedPod } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { Rejection } from "../framework/rejection.ts";
import { Heap } from "./heap.ts";
import type { QueueingHints } from "./hints.ts";
import { MissedEvents } from "./missed-events.ts";
import { WaitingPod } from "./waiting-pod.ts";

export interface SchedulingQueueOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly hints: QueueingHints;
  /** The queue sort plugin: negative when `a` goes first. */
  readonly less: (a: QueuedPod, b: QueuedPod) => number;
  /** What holds a pod back from the queue. */
  readonly gate: (pod: PodInfo) => Rejection | undefined;
  /** Called when there is a pod to take. */
  readonly wake: () => void;
  /** Milliseconds. */
  readonly firstBackoff: number;
  readonly lastBackoff: number;
}

/** How long a pod may lie unschedulable before it is tried without a cause, and how often that is looked after. */
const longestUnschedulable = 5 * 60_000;
const leftoverInterval = 30_000;

const uidOf = ({ info }: WaitingPod): string => info.uid;

/**
 * Pods that wait for a node: ready ones in order, those that are backing off, and those that wait for something to happen in the cluster
 * (backend/queue.PriorityQueue).
 */
export class SchedulingQueue {
  readonly #options: SchedulingQueueOptions;
  readonly #active: Heap<WaitingPod>;
  readonly #backingOff: Heap<WaitingPod>;
  readonly #unschedulable = new Map<string, WaitingPod>();
  /** Uids of unschedulable pods by the plugins that turned them away; those without any are under the empty string. */
  readonly #turnedAwayBy = new Map<string, Set<string>>();
  /** Pods that were taken and have not come back or been bound, with the events that they had seen by then. */
  readonly #inFlight = new Map<string, { readonly pod: WaitingPod; readonly seen: number }>();
  readonly #missed = new MissedEvents();
  readonly #pluginsFor = new Map<ClusterEventKind, ReadonlySet<string>>();
  #backoffTimer: { readonly due: number; readonly timer: Timer } | undefined;
  #leftoverTimer: Timer | undefined;
  #sequence = 0;

  constructor(options: SchedulingQueueOptions) {
    this.#options = options;
    const inOrder = (a: WaitingPod, b: WaitingPod): number => options.less(a, b) || a.sequence - b.sequence;
    this.#active = new Heap(uidOf, inOrder);
    this.#backingOff = new Heap(uidOf, (a, b) => this.#backoffUntil(a) - this.#backoffUntil(b) || inOrder(a, b));
  }

  /** How many pods wait in each part, as `scheduler_pending_pods` counts them. */
  get pending(): { readonly active: number; readonly backoff: number; readonly unschedulable: number; readonly gated: number } {
    let gated = 0;
    for (const pod of this.#unschedulable.values()) if (pod.gated) gated++;
    return { active: this.#active.size, backoff: this.#backingOff.size, unschedulable: this.#unschedulable.size - gated, gated };
  }

  add(info: PodInfo, revision?: number): void {
    const { uid } = info;
    if (this.#inFlight.has(uid) || this.#find(uid)) return this.update(info, revision);
    const pod = new WaitingPod(info);
    this.#enter(pod);
    pod.causedBy(revision);
    this.#activate(pod);
  }

  /** A waiting pod changed: perhaps in a way that helps it. */
  update(info: PodInfo, revision?: number, events: readonly ClusterEvent[] = []): void {
    const { uid } = info;
    const flying = this.#inFlight.get(uid);
    if (flying) {
      flying.pod.info = info;
      for (const event of events) this.#missed.push(event);
      return;
    }
    const pod = this.#find(uid);
    if (!pod) return this.add(info, revision);
    pod.info = info;
    if (this.#active.has(uid)) return this.#active.push(pod);
    if (this.#backingOff.has(uid)) return this.#backingOff.push(pod);
    if (pod.gated) {
      if (this.#options.gate(info)) return;
      this.#takeUnschedulable(pod);
      pod.causedBy(revision);
      return this.#activate(pod);
    }
    for (const event of events) if (this.#consider(pod, event, revision)) return;
  }

  delete(uid: string): void {
    this.#active.delete(uid);
    this.#backingOff.delete(uid);
    this.#inFlight.delete(uid);
    const pod = this.#unschedulable.get(uid);
    if (pod) this.#takeUnschedulable(pod);
  }

  has(uid: string): boolean {
    return this.#inFlight.has(uid) || this.#find(uid) !== undefined;
  }

  /** The next pod to schedule. It is in flight until `done`, `putBack` or `retry`. */
  pop(): WaitingPod | undefined {
    const pod = this.#active.pop();
    if (!pod) return undefined;
    pod.attempts++;
    this.#inFlight.set(pod.info.uid, { pod, seen: this.#missed.count });
    return pod;
  }

  /** The pod is bound, or gone. */
  done(uid: string): void {
    this.#inFlight.delete(uid);
    if (this.#inFlight.size === 0) this.#missed.clear();
  }

  /** No node would do: it waits for an event that may cure what its plugins objected to (AddUnschedulableIfNotPresent). */
  putBack(pod: WaitingPod, { plugins, pendingPlugins }: Pick<Diagnosis, "plugins" | "pendingPlugins">): void {
    const flying = this.#inFlight.get(pod.info.uid);
    if (!flying) return;
    this.#inFlight.delete(pod.info.uid);
    this.#enter(pod);
    pod.plugins = plugins;
    pod.pendingPlugins = pendingPlugins;
    pod.causes = [];
    this.#layUp(pod);
    for (const event of this.#missed.since(flying.seen)) if (this.#consider(pod, event, undefined)) break;
    if (this.#inFlight.size === 0) this.#missed.clear();
  }

  /** The attempt failed for a reason of its own: it is tried again after a while. */
  retry(pod: WaitingPod): void {
    if (!this.#inFlight.delete(pod.info.uid)) return;
    this.#enter(pod);
    pod.plugins = new Set();
    pod.pendingPlugins = new Set();
    this.#backOff(pod);
  }

  /** Something happened in the cluster: whom it may help is tried again (MoveAllToActiveOrBackoffQueue). */
  moveAll(event: ClusterEvent, revision?: number): void {
    if (this.#inFlight.size > 0) this.#missed.push(event);
    if (this.#unschedulable.size === 0) return;
    const candidates = new Set<string>(this.#turnedAwayBy.get(""));
    for (const plugin of this.#pluginsInterestedIn(event.kind)) for (const uid of this.#turnedAwayBy.get(plugin) ?? []) candidates.add(uid);
    for (const uid of candidates) {
      const pod = this.#unschedulable.get(uid);
      if (pod) this.#consider(pod, event, revision);
    }
  }

  /** Puts pods up for the next attempt without waiting, as when preemption has failed (Activate). */
  activate(uid: string): void {
    const pod = this.#backingOff.delete(uid) ?? this.#unschedulable.get(uid);
    if (!pod) return;
    this.#takeUnschedulable(pod);
    this.#activate(pod);
  }

  stop(): void {
    this.#backoffTimer?.timer.cancel();
    this.#leftoverTimer?.cancel();
  }

  #enter(pod: WaitingPod): void {
    pod.enter(this.#options.clock.now(), this.#sequence++);
  }

  #find(uid: string): WaitingPod | undefined {
    return this.#active.get(uid) ?? this.#backingOff.get(uid) ?? this.#unschedulable.get(uid);
  }

  #backoffUntil(pod: WaitingPod): number {
    return pod.backoffUntil(this.#options.firstBackoff, this.#options.lastBackoff);
  }

  #pluginsInterestedIn(kind: ClusterEventKind): ReadonlySet<string> {
    let plugins = this.#pluginsFor.get(kind);
    if (!plugins) this.#pluginsFor.set(kind, (plugins = this.#options.hints.pluginsFor(kind)));
    return plugins;
  }

  #consider(pod: WaitingPod, event: ClusterEvent, revision: number | undefined): boolean {
    const verdict = this.#options.hints.judge(pod, event, this.#options.cluster);
    if (verdict === "skip") return false;
    this.#takeUnschedulable(pod);
    pod.causedBy(revision);
    if (verdict === "immediately") this.#activate(pod);
    else this.#backOff(pod);
    return true;
  }

  #activate(pod: WaitingPod): void {
    const rejection = this.#options.gate(pod.info);
    pod.gated = rejection !== undefined;
    if (rejection) {
      pod.plugins = new Set([rejection.plugin]);
      this.#layUp(pod);
      return;
    }
    this.#active.push(pod);
    this.#options.wake();
  }

  #backOff(pod: WaitingPod): void {
    const due = this.#backoffUntil(pod);
    if (due <= this.#options.clock.now()) return this.#activate(pod);
    this.#backingOff.push(pod);
    this.#armBackoff();
  }

  #armBackoff(): void {
    const next = this.#backingOff.peek();
    if (!next) return;
    const { clock } = this.#options;
    const due = this.#backoffUntil(next);
    if (this.#backoffTimer && this.#backoffTimer.due <= due) return;
    this.#backoffTimer?.timer.cancel();
    this.#backoffTimer = { due, timer: clock.after(due - clock.now(), () => this.#flushBackoff()) };
  }

  #flushBackoff(): void {
    this.#backoffTimer = undefined;
    const now = this.#options.clock.now();
    for (let pod = this.#backingOff.peek(); pod && this.#backoffUntil(pod) <= now; pod = this.#backingOff.peek()) {
      this.#backingOff.pop();
      this.#activate(pod);
    }
    this.#armBackoff();
  }

  #layUp(pod: WaitingPod): void {
    const { uid } = pod.info;
    this.#unschedulable.set(uid, pod);
    for (const plugin of pod.plugins.size > 0 ? pod.plugins : [""]) {
      const pods = this.#turnedAwayBy.get(plugin);
      if (pods) pods.add(uid);
      else this.#turnedAwayBy.set(plugin, new Set([uid]));
    }
    if (!pod.gated) this.#leftoverTimer ??= this.#options.clock.after(leftoverInterval, () => this.#flushLeftover());
  }

  #takeUnschedulable(pod: WaitingPod): void {
    const { uid } = pod.info;
    if (!this.#unschedulable.delete(uid)) return;
    for (const plugin of pod.plugins.size > 0 ? pod.plugins : [""]) {
      const pods = this.#turnedAwayBy.get(plugin);
      pods?.delete(uid);
      if (pods?.size === 0) this.#turnedAwayBy.delete(plugin);
    }
  }

  /** Tries again those for whom nothing happened in five minutes (flushUnschedulablePodsLeftover). */
  #flushLeftover(): void {
    this.#leftoverTimer = undefined;
    const now = this.#options.clock.now();
    let left = false;
    for (const pod of [...this.#unschedulable.values()]) {
      if (pod.gated) continue;
      if (now - pod.timestamp > longestUnschedulable) this.#consider(pod, { kind: "anything" }, undefined);
      else left = true;
    }
    if (left) this.#leftoverTimer = this.#options.clock.after(leftoverInterval, () => this.#flushLeftover());
  }
}
