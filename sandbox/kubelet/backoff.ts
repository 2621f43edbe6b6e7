interface Entry {
  delay: number;
  last: number;
}

/**
 * Delays that double with each failure (client-go's flowcontrol.Backoff): containers that crash, images that cannot be pulled. Times in
 * milliseconds.
 */
export class Backoff {
  readonly #entries = new Map<string, Entry>();
  readonly #first: number;
  readonly #most: number;

  constructor(first: number, most: number) {
    this.#first = first;
    this.#most = most;
  }

  /** How long to wait still before the next try, after a failure at `since`; 0: go on. */
  remaining(key: string, since: number, now: number): number {
    const entry = this.#entries.get(key);
    if (!entry || since - entry.last > 2 * this.#most) return 0;
    return Math.max(0, since + entry.delay - now);
  }

  /** The delay that stands, in milliseconds. */
  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0;
  }

  /** A try is made now, after a failure at `since`: the next has to wait longer. */
  next(key: string, since: number, now: number): void {
    const entry = this.#entries.get(key);
    const delay = !entry || since - entry.last > 2 * this.#most ? this.#first : Math.min(entry.delay * 2, this.#most);
    this.#entries.set(key, { delay, last: now });
  }

  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

/** `10s`, `1m20s`, `5m0s`: a duration as Go prints it. */
export const goDuration = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 1) return `${Math.round(ms)}ms`;
  const whole = (value: number): string => String(Math.round(value * 1000) / 1000);
  if (seconds < 60) return `${whole(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${whole(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${minutes % 60}m${whole(seconds % 60)}s`;
};
