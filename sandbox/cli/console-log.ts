import type { Log, LogLevel } from "../base/log/log.ts";

const levels: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** A log on standard error: one line an entry, down to the given level. */
export const consoleLog = (lowest: LogLevel): Log => {
  const writer =
    (level: LogLevel) =>
    (message: string, details?: Readonly<Record<string, unknown>>): void => {
      if (levels.indexOf(level) > levels.indexOf(lowest)) return;
      process.stderr.write(`${level}: ${message}${details === undefined ? "" : ` ${JSON.stringify(details)}`}\n`);
    };
  return { error: writer("error"), warn: writer("warn"), info: writer("info"), debug: writer("debug") };
};
