import { StatusError } from "../../apimachinery/errors/status.ts";
import type { Clock } from "../../base/clock/clock.ts";

const MOST_WAITING = 1000;
const MOST_TRIES = 12;
const RETRY_MS = 10_000;

/** Writes events one after the other, behind the work that caused them; what comes while 1000 wait is lost, as upstream. */
export class EventWriter {
  readonly #clock: Clock;
  readonly #waiting: (() => Promise<void>)[] = [];
  #writing: Promise<void> | undefined;
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  push(write: () => Promise<void>): void {
    if (this.#stopped || this.#waiting.length >= MOST_WAITING) return;
    this.#waiting.push(write);
    this.#writing ??= this.#drain();
  }

  /** Resolves when everything that was pushed has been written or given up. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  stop(): void {
    this.#stopped = true;
    this.#waiting.length = 0;
  }

  async #drain(): Promise<void> {
    for (let write = this.#waiting.shift(); write; write = this.#waiting.shift()) await this.#attempt(write);
    this.#writing = undefined;
  }

  /** The server's "no" is final; a server that cannot be reached is asked again. */
  async #attempt(write: () => Promise<void>): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES && !this.#stopped; tries++) {
      try {
        await write();
        return;
      } catch (error) {
        if (error instanceof StatusError) return;
        await this.#clock.sleep(RETRY_MS);
      }
    }
  }
}

/** The last time that an event was named by, in nanoseconds: components that share a clock may speak of an object in the same instant. */
const lastTimes = new WeakMap<Clock, bigint>();

/** Names for events: the object's name and the time in nanoseconds, never the same twice. */
export class EventNames {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  next(objectName: string): string {
    const now = BigInt(Math.floor(this.#clock.now() * 1000)) * 1000n;
    const last = lastTimes.get(this.#clock) ?? 0n;
    const time = now > last ? now : last + 1n;
    lastTimes.set(this.#clock, time);
    return `${objectName}.${time.toString(16)}`;
  }
}
