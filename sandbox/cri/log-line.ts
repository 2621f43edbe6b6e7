import { toTime } from "../base/clock/clock.ts";

/** One line as container logs hold it: `<RFC3339Nano> stdout|stderr F|P text`. A line without its end is partial (P). */
export interface LogLine {
  readonly time: string;
  readonly stream: "stdout" | "stderr";
  readonly partial: boolean;
  readonly text: string;
}

/** RFC 3339 with nanoseconds; the clock's fraction of a millisecond is kept. */
export const nanoTime = (ms: number): string => {
  const nanos = Math.min(999_999_999, Math.max(0, Math.round((ms - Math.floor(ms / 1000) * 1000) * 1e6)));
  return toTime(ms).replace("Z", `.${String(nanos).padStart(9, "0")}Z`);
};

/** Lines longer than this are split, as runtimes do. */
const maximumLine = 16 * 1024;

/** The bytes of a chunk of output as the log holds it. */
export const logRecord = (ms: number, stream: "stdout" | "stderr", chunk: string): string => {
  const time = nanoTime(ms);
  let record = "";
  const lines = chunk.split("\n");
  for (const [index, line] of lines.entries()) {
    const last = index === lines.length - 1;
    if (last && line === "") break;
    let rest = line;
    for (; rest.length > maximumLine; rest = rest.slice(maximumLine)) record += `${time} ${stream} P ${rest.slice(0, maximumLine)}\n`;
    record += `${time} ${stream} ${last ? "P" : "F"} ${rest}\n`;
  }
  return record;
};

/** Undefined for a line that is none of a runtime's. */
export const parseLogLine = (line: string): LogLine | undefined => {
  const found = /^(\S+) (stdout|stderr) ([FP])(?::\S*)? ?(.*)$/s.exec(line);
  return found ? { time: found[1]!, stream: found[2] as LogLine["stream"], partial: found[3] === "P", text: found[4]! } : undefined;
};
