import type { Clock, Timer } from "../../base/clock/clock.ts";

/** Keys that are deleted when their time runs out. One timer for all: events come by the thousand. */
export class Leases {
  readonly #clock: Clock;
  readonly #expire: (key: string, revision: number) => void;
  readonly #due = new Map<string, { readonly at: number; readonly revision: number }>();
  #timer: Timer | undefined;
  #next = Infinity;

  constructor(clock: Clock, expire: (key: string, revision: number) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  /** The key, written at `revision`, lives for `ttl` seconds; without a ttl, for ever. */
  renew(key: string, revision: number, ttl: number | undefined): void {
    if (ttl === undefined || ttl <= 0) return this.drop(key);
    const at = this.#clock.now() + ttl * 1000;
    // Re-inserting keeps the map in the order of expiry where all have the same ttl.
    this.#due.delete(key);
    this.#due.set(key, { at, revision });
    if (at < this.#next) this.#arm(at);
  }

  drop(key: string): void {
    this.#due.delete(key);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#due.clear();
  }

  #arm(at: number): void {
    this.#timer?.cancel();
    this.#next = at;
    this.#timer = this.#clock.after(at - this.#clock.now(), () => this.#sweep());
  }

  #sweep(): void {
    const now = this.#clock.now();
    let earliest = Infinity;
    const over: [string, number][] = [];
    for (const [key, { at, revision }] of this.#due) {
      if (at <= now) over.push([key, revision]);
      else earliest = Math.min(earliest, at);
    }
    this.#next = Infinity;
    for (const [key, revision] of over) {
      this.#due.delete(key);
      this.#expire(key, revision);
    }
    // At least a second apart, as etcd's lessor checks: a sweep looks at every lease.
    if (earliest < Infinity) this.#arm(Math.max(earliest, now + 1000));
  }
}
