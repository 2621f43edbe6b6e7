const FIRST_MS = 1000;
const LAST_MS = 15 * 60_000;

/** How long a daemon's pod that failed on a node is left there before it is replaced: at once the first time, then twice as long each time. */
export class FailureBackoff {
  readonly #entries = new Map<string, { readonly delay: number; readonly since: number }>();

  /** Milliseconds still to wait; 0 when it may be replaced now, which counts. */
  failed(key: string, now: number): number {
    const entry = this.#entries.get(key);
    if (entry && now - entry.since < entry.delay) return entry.delay - (now - entry.since);
    const isForgotten = !entry || now - entry.since > 2 * LAST_MS;
    this.#entries.set(key, { delay: isForgotten ? FIRST_MS : Math.min(entry.delay * 2, LAST_MS), since: now });
    return 0;
  }
}
