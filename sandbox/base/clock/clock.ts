/** A timer that has been set; `cancel` is harmless after it fired. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as every component sees it. Components never ask the host: a cluster's time may be paused, run at
 * another speed, or jump to the next timer.
 */
export interface Clock {
  /** Milliseconds since the epoch; may carry a fraction. */
  now(): number;
  /** Runs `run` once, `ms` milliseconds of this clock from now. */
  after(ms: number, run: () => void): Timer;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Lets the host breathe in the middle of long work. Work that yields counts as still running, so that
   * virtual time does not move on while it does.
   */
  breathe(): Promise<void>;
  /** Keeps virtual time from moving on while `work` (real input or output) is under way. */
  busy<T>(work: Promise<T>): Promise<T>;
}

/** `2026-01-02T03:04:05Z`: metav1.Time has whole seconds. */
export const toTime = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace(".000Z", "Z");

/** `2026-01-02T03:04:05.000006Z`: metav1.MicroTime, as leases and events use it. */
export const toMicroTime = (ms: number): string => {
  const whole = Math.floor(ms / 1000) * 1000;
  const micros = Math.min(999_999, Math.max(0, Math.round((ms - whole) * 1000)));
  return new Date(whole).toISOString().replace(".000Z", `.${String(micros).padStart(6, "0")}Z`);
};

/** Milliseconds since the epoch of an RFC 3339 time, or undefined where it is none. */
export const fromTime = (time: string | undefined): number | undefined => {
  if (time === undefined) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
};
