import type { Clock, Timer } from "../../base/clock/clock.ts";
import { ControllerRateLimiter, type RateLimiter } from "./rate-limiter.ts";

/** Why a key is on the queue: the revisions that put it there, newest last, and how many more there were. */
export interface QueuedCause {
  readonly revisions: readonly number[];
  readonly folded: number;
}

export interface WorkItem extends QueuedCause {
  readonly key: string;
}

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly rateLimiter?: RateLimiter;
  /** Called when something may be taken; take it with `take`. */
  readonly onReady?: () => void;
  /** How many revisions a waiting key remembers; those before are only counted. */
  readonly maxRevisions?: number;
}

interface Pending {
  revisions: number[];
  folded: number;
}

interface Later {
  readonly timer: Timer;
  readonly due: number;
}

/**
 * Keys to be worked on (client-go's rate limiting, delaying queue). A key is there once however often it is added, is never worked on twice
 * at the same time, and comes again when it was added meanwhile. The causes of what was merged are kept.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #limiter: RateLimiter;
  readonly #onReady: () => void;
  readonly #maxRevisions: number;
  readonly #order: string[] = [];
  #head = 0;
  readonly #pending = new Map<string, Pending>();
  readonly #processing = new Set<string>();
  readonly #later = new Map<string, Later>();
  readonly #takers: ((item: WorkItem | undefined) => void)[] = [];
  #closed = false;

  constructor({ clock, rateLimiter = new ControllerRateLimiter(), onReady = () => {}, maxRevisions = 8 }: WorkQueueOptions) {
    this.#clock = clock;
    this.#limiter = rateLimiter;
    this.#onReady = onReady;
    this.#maxRevisions = maxRevisions;
  }

  /** How many keys wait to be taken. */
  get length(): number {
    return this.#order.length - this.#head;
  }

  /** Keys that wait for their time. */
  get delayed(): number {
    return this.#later.size;
  }

  /** Whether the key is waiting, being worked on, or waiting for its time. */
  has(key: string): boolean {
    return this.#pending.has(key) || this.#processing.has(key) || this.#later.has(key);
  }

  add(key: string, revision?: number): void {
    if (this.#closed) return;
    const known = this.#pending.get(key);
    if (known) {
      this.#merge(known, revision);
      return;
    }
    this.#pending.set(key, { revisions: revision === undefined ? [] : [revision], folded: 0 });
    if (!this.#processing.has(key)) this.#enqueue(key);
  }

  /** Adds the key after `ms`; an earlier time wins over a later one. */
  addAfter(key: string, ms: number, revision?: number): void {
    if (this.#closed) return;
    if (ms <= 0) return this.add(key, revision);
    const due = this.#clock.now() + ms;
    const known = this.#later.get(key);
    if (known && known.due <= due) return;
    known?.timer.cancel();
    const timer = this.#clock.after(ms, () => {
      this.#later.delete(key);
      this.add(key, revision);
    });
    this.#later.set(key, { timer, due });
  }

  /** Adds the key when the rate limiter says that it may be tried again. */
  addRateLimited(key: string, revision?: number): void {
    this.addAfter(key, this.#limiter.when(key, this.#clock.now()), revision);
  }

  forget(key: string): void {
    this.#limiter.forget(key);
  }

  failures(key: string): number {
    return this.#limiter.failures(key);
  }

  /** The next key, if there is one; whoever takes it says `done` afterwards. */
  take(): WorkItem | undefined {
    if (this.#head >= this.#order.length) return undefined;
    const key = this.#order[this.#head++]!;
    if (this.#head > 1024 && this.#head * 2 > this.#order.length) {
      this.#order.splice(0, this.#head);
      this.#head = 0;
    }
    const { revisions, folded } = this.#pending.get(key)!;
    this.#pending.delete(key);
    this.#processing.add(key);
    return { key, revisions, folded };
  }

  /** The next key, as soon as there is one; undefined when the queue has been closed. */
  next(): Promise<WorkItem | undefined> {
    const item = this.take();
    if (item || this.#closed) return Promise.resolve(item);
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  done(key: string): void {
    this.#processing.delete(key);
    if (this.#pending.has(key)) this.#enqueue(key);
  }

  /** Nothing is added any more, nothing waits any more. */
  close(): void {
    this.#closed = true;
    for (const { timer } of this.#later.values()) timer.cancel();
    this.#later.clear();
    this.#pending.clear();
    this.#order.length = this.#head = 0;
    for (const take of this.#takers.splice(0)) take(undefined);
  }

  #enqueue(key: string): void {
    this.#order.push(key);
    const taker = this.#takers.shift();
    if (taker) taker(this.take());
    else this.#onReady();
  }

  #merge(pending: Pending, revision: number | undefined): void {
    if (revision === undefined || pending.revisions.at(-1) === revision) return;
    pending.revisions.push(revision);
    if (pending.revisions.length <= this.#maxRevisions) return;
    pending.revisions.shift();
    pending.folded++;
  }
}
