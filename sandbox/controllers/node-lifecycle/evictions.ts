import type { Clock, Timer } from "../../base/clock/clock.ts";

interface Zone {
  rate: number;
  readonly waiting: Set<string>;
  /** From when on the next may go. */
  free: number;
  timer: Timer | undefined;
}

/** Lets nodes be tainted for eviction one after the other, each zone at its own rate (RateLimitedTimedQueue). */
export class EvictionQueues {
  readonly #clock: Clock;
  readonly #evict: (node: string) => void;
  readonly #zones = new Map<string, Zone>();

  constructor(clock: Clock, evict: (node: string) => void) {
    this.#clock = clock;
    this.#evict = evict;
  }

  /** Nodes a second; 0 holds all. */
  setRate(zone: string, rate: number): void {
    const known = this.#zone(zone);
    if (known.rate === rate) return;
    known.rate = rate;
    known.timer?.cancel();
    known.timer = undefined;
    this.#next(known);
  }

  add(zone: string, node: string): void {
    const known = this.#zone(zone);
    known.waiting.add(node);
    this.#next(known);
  }

  remove(node: string): void {
    for (const { waiting } of this.#zones.values()) waiting.delete(node);
  }

  stop(): void {
    for (const { timer } of this.#zones.values()) timer?.cancel();
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name);
    if (!zone) this.#zones.set(name, (zone = { rate: 0, waiting: new Set(), free: 0, timer: undefined }));
    return zone;
  }

  #next(zone: Zone): void {
    if (zone.timer || zone.rate <= 0 || zone.waiting.size === 0) return;
    zone.timer = this.#clock.after(Math.max(0, zone.free - this.#clock.now()), () => {
      zone.timer = undefined;
      const [node] = zone.waiting;
      if (node === undefined) return;
      zone.waiting.delete(node);
      zone.free = this.#clock.now() + 1000 / zone.rate;
      this.#evict(node);
      this.#next(zone);
    });
  }
}
