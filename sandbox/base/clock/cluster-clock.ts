import type { Clock, Timer } from "./clock.ts";
import { hostNow, hostTimeout, hostTurn } from "./host.ts";
import { TimerHeap, type ScheduledTimer } from "./timer-heap.ts";

export interface ClusterClockOptions {
  /** Cluster time at the start, in milliseconds since the epoch; the host's by default. */
  readonly start?: number;
  /** Cluster seconds per host second; 0 is paused. */
  readonly speed?: number;
}

/** The cluster's one clock: live at a speed, paused, or jumping from timer to timer while somebody advances it. */
export class ClusterClock implements Clock {
  readonly #timers = new TimerHeap();
  #sequence = 0;
  #busy = 0;
  /** Who waits until nobody is busy. */
  readonly #resting: (() => void)[] = [];
  #speed: number;
  #cluster: number;
  #host = hostNow();
  #jumping = 0;
  #alarm: { due: number; cancel: () => void } | undefined;

  constructor({ start = hostNow(), speed = 1 }: ClusterClockOptions = {}) {
    this.#cluster = start;
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#cluster = this.now();
    this.#host = hostNow();
    this.#speed = speed;
    this.#arm();
  }

  now(): number {
    if (this.#speed === 0 || this.#jumping > 0) return this.#cluster;
    return this.#cluster + (hostNow() - this.#host) * this.#speed;
  }

  after(ms: number, run: () => void): Timer {
    const timer: ScheduledTimer = { due: this.now() + Math.max(0, ms), sequence: this.#sequence++, run, cancelled: false };
    this.#timers.push(timer);
    this.#arm();
    return {
      cancel: () => {
        if (timer.cancelled) return;
        timer.cancelled = true;
        this.#timers.noteCancelled();
      },
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer = this.after(ms, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      const abort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  breathe(): Promise<void> {
    return this.busy(hostTurn());
  }

  async busy<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work;
    } finally {
      if (--this.#busy === 0) for (const rest of this.#resting.splice(0)) rest();
    }
  }

  /** Runs everything that is due within the next `ms` as fast as it can, then stands at that time. */
  async advance(ms: number): Promise<void> {
    await this.#jump(async (start) => {
      const target = start + ms;
      await this.settle();
      for (let next = this.#timers.peek(); next && next.due <= target; next = this.#timers.peek()) {
        this.#cluster = Math.max(this.#cluster, next.due);
        this.#fire(this.#cluster);
        await this.settle();
      }
      this.#cluster = target;
    });
  }

  /** Jumps from timer to timer until `condition` holds, for `limit` milliseconds of cluster time at most. True when it held. */
  async until(condition: () => boolean | Promise<boolean>, limit = 24 * 3_600_000): Promise<boolean> {
    let held = false;
    await this.#jump(async (start) => {
      await this.settle();
      while (!(held = await condition())) {
        const next = this.#timers.peek();
        if (!next || next.due > start + limit) break;
        this.#cluster = Math.max(this.#cluster, next.due);
        this.#fire(this.#cluster);
        await this.settle();
      }
    });
    return held;
  }

  /** Resolves when nothing can happen before a timer. */
  async settle(): Promise<void> {
    await hostTurn();
    while (this.#busy > 0) {
      await new Promise<void>((resolve) => this.#resting.push(resolve));
      await hostTurn();
    }
  }

  /** When the next timer is due, in milliseconds since the epoch. */
  nextTimer(): number | undefined {
    return this.#timers.peek()?.due;
  }

  /** Cancels the host's alarm; the cluster has ended. */
  stop(): void {
    this.speed = 0;
  }

  async #jump(travel: (start: number) => Promise<void>): Promise<void> {
    this.#cluster = this.now();
    this.#jumping++;
    try {
      await travel(this.#cluster);
    } finally {
      this.#jumping--;
      this.#host = hostNow();
      this.#arm();
    }
  }

  #fire(now: number): void {
    for (let next = this.#timers.peek(); next && next.due <= now; next = this.#timers.peek()) {
      this.#timers.pop();
      next.run();
    }
  }

  #arm(): void {
    const due = this.#timers.peek()?.due;
    if (due === undefined || this.#speed === 0 || this.#jumping > 0) {
      this.#alarm?.cancel();
      this.#alarm = undefined;
      return;
    }
    if (this.#alarm && this.#alarm.due <= due) return;
    this.#alarm?.cancel();
    const cancel = hostTimeout((due - this.now()) / this.#speed, () => {
      this.#alarm = undefined;
      this.#fire(this.now());
      this.#arm();
    });
    this.#alarm = { due, cancel };
  }
}
