import type { QueuedPod } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { HeapEntry } from "./heap.ts";

/** A pod in the queue (framework.QueuedPodInfo). */
export class WaitingPod implements QueuedPod, HeapEntry {
  info: PodInfo;
  heapIndex = 0;
  /** When it came into the queue last, in milliseconds since the epoch. */
  timestamp = 0;
  /** Keeps the order of pods that came at the same time. */
  sequence = 0;
  attempts = 0;
  /** Plugins that turned it away; their events wake it. */
  plugins: ReadonlySet<string> = new Set();
  /** Those among them that only asked to wait. */
  pendingPlugins: ReadonlySet<string> = new Set();
  /** A PreEnqueue plugin holds it back. */
  gated = false;
  /** Revisions that put it on the queue, newest last. */
  causes: readonly number[] = [];

  constructor(info: PodInfo) {
    this.info = info;
  }

  enter(now: number, sequence: number): void {
    this.timestamp = now;
    this.sequence = sequence;
  }

  /** Until when it waits before it is tried again: doubling from the first delay to the last, both in milliseconds. */
  backoffUntil(first: number, last: number): number {
    if (this.attempts === 0) return 0;
    return this.timestamp + Math.min(last, first * 2 ** Math.min(this.attempts - 1, 30));
  }

  /** Remembers what woke it. */
  causedBy(revision: number | undefined): void {
    if (revision !== undefined) this.causes = [...this.causes.slice(-7), revision];
  }
}
