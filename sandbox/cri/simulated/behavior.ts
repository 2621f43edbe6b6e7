/**
 * What a simulated container does, as data. A pod says it by annotations: `drydock.dev/<what>` for all its containers,
 * `<what>.drydock.dev/<container>` for one. What is not said looks like a healthy application.
 */
export interface Behavior {
  /** How long the image takes to pull where the node does not have it, in milliseconds. */
  readonly pullDelay: number;
  /** The registry's refusal, for as long as it stands. */
  readonly pullFailure: string | undefined;
  /** From StartContainer to the process running, in milliseconds. */
  readonly startDelay: number;
  /** The process ends by itself after so many milliseconds. */
  readonly exitAfter: number | undefined;
  readonly exitCode: number | undefined;
  /** The runtime's reason for that end, e.g. `OOMKilled`. */
  readonly exitReason: string | undefined;
  /** Readiness and startup probes fail for so many milliseconds after the start. */
  readonly readyAfter: number;
  /** Liveness probes fail from so many milliseconds after the start. */
  readonly unhealthyAfter: number | undefined;
  /** Lines written to the log once started. */
  readonly logLines: readonly string[] | undefined;
  /** Writes the last log line again and again, every so many milliseconds. */
  readonly logEvery: number | undefined;
  /** How long the process takes to end after SIGTERM; infinite when it ignores it. */
  readonly stopDelay: number | undefined;
  /** What the process uses: cores and bytes. */
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A Go duration (`1m30s`, `250ms`) in milliseconds; undefined where it is none. */
export const parseDuration = (text: string): number | undefined => {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return text === "0" ? 0 : undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) total += Number(amount) * units[unit!]!;
  return total;
};

const sizes: Readonly<Record<string, number>> = {
  "": 1,
  "m": 0.001,
  "k": 1e3,
  "M": 1e6,
  "G": 1e9,
  "Ki": 1024,
  "Mi": 1024 ** 2,
  "Gi": 1024 ** 3,
};

const parseAmount = (text: string): number | undefined => {
  const found = /^(\d+(?:\.\d+)?)(|m|k|M|G|Ki|Mi|Gi)$/.exec(text);
  return found ? Number(found[1]) * sizes[found[2]!]! : undefined;
};

/** The behaviour that a pod's annotations ask of one of its containers. Values that make no sense are as if not said. */
export const behaviorOf = (annotations: Readonly<Record<string, string>>, container: string): Behavior => {
  const said = (what: string): string | undefined => annotations[`${what}.drydock.dev/${container}`] ?? annotations[`drydock.dev/${what}`];
  const duration = (what: string): number | undefined => ((text) => (text === undefined ? undefined : parseDuration(text)))(said(what));
  const amount = (what: string): number | undefined => ((text) => (text === undefined ? undefined : parseAmount(text)))(said(what));
  const exitCode = said("exit-code");
  const exits = exitCode !== undefined && /^\d{1,3}$/.test(exitCode);
  return {
    pullDelay: duration("pull-delay") ?? 20,
    pullFailure: said("pull-failure"),
    startDelay: duration("start-delay") ?? 2,
    exitAfter: duration("exit-after") ?? (exits ? 0 : undefined),
    exitCode: exits ? Number(exitCode) : undefined,
    exitReason: said("exit-reason"),
    readyAfter: duration("ready-after") ?? 0,
    unhealthyAfter: duration("unhealthy-after"),
    logLines: said("log-lines")?.split("\n"),
    logEvery: duration("log-every"),
    stopDelay: said("stop-delay") === "never" ? Infinity : duration("stop-delay"),
    cpu: amount("cpu"),
    memory: amount("memory"),
  };
};
