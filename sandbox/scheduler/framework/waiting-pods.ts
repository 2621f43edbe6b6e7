import type { Clock } from "../../base/clock/clock.ts";
import { unschedulable, type Verdict } from "./rejection.ts";

interface Waiting {
  /** Plugins that have not allowed it yet. */
  readonly plugins: Set<string>;
  settle(verdict: Verdict): void;
}

/** Pods that a Permit plugin keeps before they are bound (framework.waitingPodsMap). */
export class WaitingPods {
  readonly #waiting = new Map<string, Waiting>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves once every plugin allows the pod, one rejects it, or the shortest wait (in milliseconds) is over. */
  wait(uid: string, waits: ReadonlyMap<string, number>): Promise<Verdict> {
    return new Promise((resolve) => {
      const [first, shortest] = [...waits].reduce((least, entry) => (entry[1] < least[1] ? entry : least));
      const timer = this.#clock.after(shortest, () =>
        settle(unschedulable(first, `rejected due to timeout after waiting ${String(shortest / 1000)}s at plugin ${first}`)),
      );
      const settle = (verdict: Verdict): void => {
        timer.cancel();
        this.#waiting.delete(uid);
        resolve(verdict);
      };
      this.#waiting.set(uid, { plugins: new Set(waits.keys()), settle });
    });
  }

  has(uid: string): boolean {
    return this.#waiting.has(uid);
  }

  allow(uid: string, plugin: string): void {
    const waiting = this.#waiting.get(uid);
    if (!waiting) return;
    waiting.plugins.delete(plugin);
    if (waiting.plugins.size === 0) waiting.settle(undefined);
  }

  /** Nobody waits any longer. */
  stop(): void {
    for (const [uid] of this.#waiting) this.reject(uid, "", "the scheduler stops");
  }

  /** True when the pod was waiting. */
  reject(uid: string, plugin: string, reason: string): boolean {
    const waiting = this.#waiting.get(uid);
    waiting?.settle(unschedulable(plugin, reason));
    return waiting !== undefined;
  }
}
