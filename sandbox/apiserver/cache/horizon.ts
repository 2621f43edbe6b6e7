import type { Clock, Timer } from "../../base/clock/clock.ts";
import type { WatchCache } from "./watch-cache.ts";

/** How often the horizon moves. Milliseconds. */
const period = 30_000;

/**
 * How far back clients may list. Upstream compacts its store every few minutes and so forgets; ours may keep history for other purposes, but clients are to meet what
 * they would meet elsewhere: after one to two periods a revision is gone, with 410.
 */
export class Horizon {
  readonly #cache: WatchCache;
  readonly #clock: Clock;
  #timer: Timer | undefined;

  constructor(cache: WatchCache, clock: Clock) {
    this.#cache = cache;
    this.#clock = clock;
  }

  start(): void {
    this.#next(this.#cache.revision);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #next(revision: number): void {
    this.#timer = this.#clock.after(period, () => {
      // A store that was rewound meanwhile may stand before the revision that was noted.
      this.#cache.readableSince = Math.min(revision, this.#cache.revision);
      this.#next(this.#cache.revision);
    });
  }
}
