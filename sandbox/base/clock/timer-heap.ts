export interface ScheduledTimer {
  readonly due: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

const isBefore = (a: ScheduledTimer, b: ScheduledTimer): boolean => a.due < b.due || (a.due === b.due && a.sequence < b.sequence);

/** Timers in the order in which they are due; those due together keep the order in which they were set. */
export class TimerHeap {
  #heap: ScheduledTimer[] = [];
  #cancelled = 0;

  push(timer: ScheduledTimer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  /** The earliest timer that still stands. */
  peek(): ScheduledTimer | undefined {
    while (this.#heap[0]?.cancelled) this.#remove();
    return this.#heap[0];
  }

  pop(): ScheduledTimer | undefined {
    const first = this.peek();
    if (first) this.#remove();
    return first;
  }

  /** Cancelled timers are swept once they are the greater part, so that a cancelled far-off timer holds no memory. */
  noteCancelled(): void {
    this.#cancelled++;
    if (this.#cancelled < 64 || this.#cancelled * 2 < this.#heap.length) return;
    const standing = this.#heap.filter((timer) => !timer.cancelled);
    this.#heap = [];
    this.#cancelled = 0;
    for (const timer of standing) this.push(timer);
  }

  #remove(): void {
    const heap = this.#heap;
    const removed = heap[0];
    const last = heap.pop();
    if (removed?.cancelled) this.#cancelled = Math.max(0, this.#cancelled - 1);
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
