import type { WatchEvent, WatchStream } from "../../apimachinery/operation/operation.ts";

type Receiver = Parameters<WatchStream["start"]>[0];

/** Events that may wait for a receiver which has not started; more, and the watch is cut off. */
const bound = 100_000;

/** A watch on its way to its receiver: what comes before it starts is kept, what comes later is handed on at once. */
export class PushStream implements WatchStream {
  #pending: WatchEvent[] = [];
  #receiver: Receiver | undefined;
  #ended = false;
  #onEnd: (() => void) | undefined;

  start(receiver: Receiver): void {
    this.#receiver = receiver;
    const pending = this.#pending;
    this.#pending = [];
    for (const event of pending) receiver.event(event);
    if (this.#ended) receiver.end();
  }

  stop(): void {
    this.end();
  }

  push(event: WatchEvent): void {
    if (this.#ended) return;
    if (this.#receiver) return this.#receiver.event(event);
    if (this.#pending.push(event) > bound) this.end();
  }

  /** No event follows but, perhaps, a last word. Harmless when it has ended. */
  end(last?: WatchEvent): void {
    if (this.#ended) return;
    if (last) this.push(last);
    this.#ended = true;
    this.#onEnd?.();
    this.#receiver?.end();
  }

  /** `run` is called once, when the watch ends from either side. */
  onEnd(run: () => void): void {
    if (this.#ended) run();
    else this.#onEnd = run;
  }
}
