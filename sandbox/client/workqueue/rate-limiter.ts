/** How long a key that failed has to wait. */
export interface RateLimiter {
  /** Milliseconds from `now` until the key may be tried again; counts as a failure. */
  when(key: string, now: number): number;
  /** The key did well: its failures are forgotten. */
  forget(key: string): void;
  /** How often the key failed since it was last forgotten. */
  failures(key: string): number;
}

export interface ExponentialOptions {
  readonly baseMs?: number;
  readonly maxMs?: number;
}

/** Twice as long after each failure of the same key: 5 ms, 10 ms, … 1000 s (upstream's ItemExponentialFailureRateLimiter). */
export class ExponentialRateLimiter implements RateLimiter {
  readonly #failures = new Map<string, number>();
  readonly #baseMs: number;
  readonly #maxMs: number;

  constructor({ baseMs = 5, maxMs = 1_000_000 }: ExponentialOptions = {}) {
    this.#baseMs = baseMs;
    this.#maxMs = maxMs;
  }

  when(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.min(this.#baseMs * 2 ** failures, this.#maxMs);
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }

  failures(key: string): number {
    return this.#failures.get(key) ?? 0;
  }
}

/** At most `perSecond` for all keys together, after a burst (upstream's BucketRateLimiter over x/time/rate). */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #last = -Infinity;

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Takes a token, in advance if need be: milliseconds until it is there. */
  reserve(now: number): number {
    this.#refill(now);
    this.#tokens--;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  /** Takes a token if there is one. */
  tryTake(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  #refill(now: number): void {
    if (this.#last !== -Infinity)
      this.#tokens = Math.min(this.#burst, this.#tokens + (Math.max(0, now - this.#last) / 1000) * this.#perSecond);
    this.#last = Math.max(this.#last, now);
  }
}

/** Upstream's DefaultTypedControllerRateLimiter: exponential for a key, and 10 a second with a burst of 100 for all of them. */
export class ControllerRateLimiter implements RateLimiter {
  readonly #exponential: ExponentialRateLimiter;
  readonly #bucket = new TokenBucket(10, 100);

  constructor(options?: ExponentialOptions) {
    this.#exponential = new ExponentialRateLimiter(options);
  }

  when(key: string, now: number): number {
    return Math.max(this.#exponential.when(key), this.#bucket.reserve(now));
  }

  forget(key: string): void {
    this.#exponential.forget(key);
  }

  failures(key: string): number {
    return this.#exponential.failures(key);
  }
}
