import type { Clock } from "../base/clock/clock.ts";
import type { Log } from "../base/log/log.ts";
import type { Client } from "../client/client.ts";
import type { SeriesRecorder } from "../client/events/series-recorder.ts";
import type { BindingFailure } from "./binding-cycle.ts";
import type { ClusterCache } from "./cache/cluster-cache.ts";
import type { ClusterWatcher } from "./cache/cluster-watcher.ts";
import type { Decision } from "./framework/decide.ts";
import type { Victims } from "./framework/plugin.ts";
import type { Profile } from "./framework/profile.ts";
import type { WaitingPods } from "./framework/waiting-pods.ts";
import { patchPodStatus } from "./pod-status.ts";
import { preempt } from "./preemption.ts";
import type { SchedulingQueue } from "./queue/scheduling-queue.ts";
import type { WaitingPod } from "./queue/waiting-pod.ts";

export interface FailuresOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly cache: ClusterCache;
  readonly queue: SchedulingQueue;
  readonly watcher: ClusterWatcher;
  readonly waitingPods: WaitingPods;
  readonly signal: AbortSignal;
  readonly recorderOf: (profile: Profile) => SeriesRecorder;
}

/** What was written of a failure, and what becomes of the pod. */
interface Failure {
  readonly reason: "Unschedulable" | "SchedulerError";
  readonly message: string;
  readonly nominatedNodeName?: string;
  readonly requeue: () => void;
}

const longestNote = 1024;

/** Events hold 1024 bytes of note; longer ones end in dots (truncateMessage). */
const truncated = (message: string): string => (message.length <= longestNote ? message : `${message.slice(0, longestNote - 4)} ...`);

/** Deals with pods that could not be placed (handleSchedulingFailure): back into the queue, an event, their status, and preemption. */
export class Failures {
  readonly #options: FailuresOptions;

  constructor(options: FailuresOptions) {
    this.#options = options;
  }

  /** No node would do: the pod waits for something to happen, perhaps for the victims to leave. */
  async unschedulable(pod: WaitingPod, profile: Profile, decision: Extract<Decision, { outcome: "unschedulable" }>): Promise<void> {
    const { clock, cache, queue, signal } = this.#options;
    const { diagnosis, message, nominatedNodeName, victims, postFilter } = decision;
    if (nominatedNodeName !== undefined) cache.nominate(pod.info, nominatedNodeName || undefined);
    const preempting = victims && this.#preempt(pod, profile, victims);
    const acted = postFilter?.act?.({ client: this.#clientFor(pod, message), cluster: cache, clock, signal });
    await this.#tell(pod, profile, { reason: "Unschedulable", message, nominatedNodeName, requeue: () => queue.putBack(pod, diagnosis) });
    await preempting;
    await acted;
  }

  /** Something went wrong: the pod is tried again after a while. */
  error(pod: WaitingPod, profile: Profile, message: string): Promise<void> {
    return this.#tell(pod, profile, { reason: "SchedulerError", message, requeue: () => this.#options.queue.retry(pod) });
  }

  /** The pod had a node, but was not bound to it. */
  async unbound(pod: WaitingPod, profile: Profile, { message, rejection, obsolete }: BindingFailure): Promise<void> {
    const { queue } = this.#options;
    if (obsolete) queue.done(pod.info.uid);
    else if (!rejection) await this.error(pod, profile, message);
    else {
      const diagnosis = { plugins: new Set([rejection.plugin]), pendingPlugins: new Set<string>() };
      await this.#tell(pod, profile, { reason: "Unschedulable", message, requeue: () => queue.putBack(pod, diagnosis) });
    }
  }

  async #preempt(pod: WaitingPod, profile: Profile, victims: Victims): Promise<void> {
    const { clock, cache, waitingPods, queue, log, recorderOf } = this.#options;
    const client = this.#clientFor(pod, `make room on ${victims.node.name}`);
    try {
      await preempt(pod.info, victims, { client, clock, cluster: cache, recorder: recorderOf(profile), waiting: waitingPods });
    } catch (error) {
      log.warn("preemption failed", { pod: pod.info.key, error: String(error) });
      queue.activate(pod.info.uid);
    }
  }

  /** Back into the queue first, so that no event is missed; then the event and the pod's status. */
  async #tell(pod: WaitingPod, profile: Profile, { reason, message, nominatedNodeName, requeue }: Failure): Promise<void> {
    const { clock, log, queue, watcher, recorderOf } = this.#options;
    const { info } = pod;
    const current = watcher.pod(info.key);
    if (!current || current.metadata.uid !== info.pod.metadata.uid || current.spec?.nodeName) queue.done(info.uid);
    else requeue();
    recorderOf(profile).event(info.pod, undefined, "Warning", "FailedScheduling", "Scheduling", truncated(message));
    const condition = { type: "PodScheduled", status: "False", reason, message };
    try {
      await patchPodStatus(this.#clientFor(pod, message), clock, current ?? info.pod, condition, nominatedNodeName);
    } catch (error) {
      log.debug("a pod's status could not be written", { pod: info.key, error: String(error) });
    }
  }

  #clientFor({ info, causes }: WaitingPod, why: string): Client {
    return this.#options.client.because({ item: `pods ${info.key}`, why, revisions: causes });
  }
}
