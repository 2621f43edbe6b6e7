import type { PriorityLevelConfiguration } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";

/** How long a request may stand in a queue: a quarter of the request timeout, as upstream. Milliseconds. */
const patienceMs = 15_000;

/** A request that waits for a seat. */
interface Waiting {
  readonly seated: (granted: boolean) => void;
}

interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
}

/**
 * The seats of one priority level and the queues before them. Flows are dealt a hand of queues each (shuffle sharding) and stand in its shortest; seats
 * that get free go round the queues, so that one flow does not starve the others.
 */
export class Seats {
  readonly #clock: Clock;
  #limit = Infinity;
  #queuing: Queuing | undefined;
  #used = 0;
  /** By number; queues that nobody stands in are not there. */
  readonly #queues = new Map<number, Waiting[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `limit` seats; none is counted at a level that is exempt. */
  configure({ spec }: PriorityLevelConfiguration, limit: number): void {
    this.#limit = spec?.type === "Exempt" ? Infinity : limit;
    const { type, queuing } = spec?.limited?.limitResponse ?? {};
    const { queues = 64, handSize = 8, queueLengthLimit = 50 } = queuing ?? {};
    this.#queuing = type === "Queue" ? { queues, handSize: Math.min(handSize, queues), queueLengthLimit } : undefined;
    this.#seatWaiting();
  }

  get used(): number {
    return this.#used;
  }

  /** True: seated, and `leave` must be called. False: too many. A promise: it waits its turn. */
  enter(flow: string): boolean | Promise<boolean> {
    if (this.#used < this.#limit && this.#queues.size === 0) {
      this.#used++;
      return true;
    }
    return this.#queuing ? this.#queue(flow, this.#queuing) : false;
  }

  leave(): void {
    this.#used--;
    this.#seatWaiting();
  }

  #queue(flow: string, queuing: Queuing): false | Promise<boolean> {
    const lengthOf = (number: number): number => this.#queues.get(number)?.length ?? 0;
    const number = handOf(flow, queuing).reduce((best, each) => (lengthOf(each) < lengthOf(best) ? each : best));
    if (lengthOf(number) >= queuing.queueLengthLimit) return false;
    const queue = this.#queues.get(number) ?? [];
    this.#queues.set(number, queue);
    return new Promise((resolve) => {
      const timer = this.#clock.after(patienceMs, () => {
        const at = queue.indexOf(waiting);
        if (at >= 0) queue.splice(at, 1);
        if (queue.length === 0) this.#queues.delete(number);
        resolve(false);
      });
      const waiting: Waiting = {
        seated: (granted) => {
          timer.cancel();
          resolve(granted);
        },
      };
      queue.push(waiting);
    });
  }

  #seatWaiting(): void {
    while (this.#used < this.#limit) {
      const [next] = this.#queues;
      if (!next) return;
      const [number, queue] = next;
      // Who has been served goes to the end of the round.
      this.#queues.delete(number);
      const first = queue.shift();
      if (queue.length > 0) this.#queues.set(number, queue);
      this.#used++;
      first?.seated(true);
    }
  }
}

/** Which queues a flow may stand in: always the same, and seldom those of another. */
const handOf = (flow: string, { queues, handSize }: Queuing): readonly number[] => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < flow.length; at++) hash = Math.imul(hash ^ flow.charCodeAt(at), 0x01000193);
  const hand = new Set<number>();
  while (hand.size < Math.max(1, handSize)) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    let number = (hash >>> 0) % Math.max(1, queues);
    while (hand.has(number)) number = (number + 1) % Math.max(1, queues);
    hand.add(number);
  }
  return [...hand];
};
