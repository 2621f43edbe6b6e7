import type { ClusterEvent } from "../framework/events.ts";

const bound = 10_000;
const anything: readonly ClusterEvent[] = [{ kind: "anything" }];

/** What happened while pods were in flight (inFlightEvents), bounded: who was away too long is tried again without asking why. */
export class MissedEvents {
  #events: ClusterEvent[] = [];
  #first = 0;

  /** How many events there have been. */
  get count(): number {
    return this.#first + this.#events.length;
  }

  push(event: ClusterEvent): void {
    this.#events.push(event);
    if (this.#events.length <= bound) return;
    this.#events = this.#events.slice(bound / 2);
    this.#first += bound / 2;
  }

  since(count: number): readonly ClusterEvent[] {
    return count < this.#first ? anything : this.#events.slice(count - this.#first);
  }

  clear(): void {
    this.#first += this.#events.length;
    this.#events = [];
  }
}
