/** The host's own time and event loop. Only this folder touches them; everyone else is handed a `Clock`. */

/** Wall-clock milliseconds since the epoch, with a fraction. */
export const hostNow = (): number => performance.timeOrigin + performance.now();

/** Runs `run` after `ms` of host time; the returned function cancels it. */
export const hostTimeout = (ms: number, run: () => void): (() => void) => {
  const handle = setTimeout(run, Math.min(Math.max(ms, 0), 2_147_483_647));
  return () => clearTimeout(handle);
};

/** Resolves when every promise callback that is ready has run and the host has had a look at its sockets. */
export const hostTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
