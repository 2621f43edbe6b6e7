import type { HostFiles } from "../../cri/host-files.ts";
import { parseLogLine } from "../../cri/log-line.ts";

/** PodLogOptions, decoded. */
export interface LogOptions {
  readonly follow: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Only lines from this time on, in milliseconds since the epoch. */
  readonly since?: number;
  readonly timestamps: boolean;
  /** Both when absent. */
  readonly stream?: "stdout" | "stderr";
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * A container's log as clients read it: what is there, and with `follow` what comes, until `ended` resolves or the signal aborts.
 * The path's file is in the runtimes' format.
 */
export async function* containerLogs(
  files: HostFiles,
  path: string,
  options: LogOptions,
  ended: Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let left = options.limitBytes ?? Infinity;
  let seen = 0;
  let changed: boolean;
  let over = false;
  let wake: (() => void) | undefined;
  const look = (): void => {
    changed = true;
    wake?.();
  };
  const unfollow = options.follow ? files.follow(path, look) : () => undefined;
  void ended.then(() => {
    over = true;
    look();
  });
  signal.addEventListener("abort", look, { once: true });
  try {
    for (let first = true; ; first = false) {
      changed = false;
      const content = (await files.read(path)) ?? new Uint8Array();
      if (content.byteLength < seen) seen = 0;
      const text = decoder.decode(content.subarray(seen));
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      seen += Buffer.byteLength(whole);
      for (const chunk of rendered(whole, options, first)) {
        const bytes = encoder.encode(chunk).subarray(0, left);
        left -= bytes.byteLength;
        if (bytes.byteLength > 0) yield bytes;
        if (left <= 0) return;
      }
      if (!options.follow || signal.aborted || (over && !changed)) return;
      if (!changed) await new Promise<void>((resolve) => (wake = resolve));
      if (signal.aborted) return;
    }
  } finally {
    unfollow();
  }
}

const rendered = (text: string, { tailLines, since, timestamps, stream }: LogOptions, first: boolean): readonly string[] => {
  const lines = text === "" ? [] : text.slice(0, -1).split("\n");
  const tail = first && tailLines !== undefined ? lines.slice(Math.max(0, lines.length - tailLines)) : lines;
  const chunks: string[] = [];
  let midLine = false;
  for (const raw of tail) {
    const line = parseLogLine(raw);
    if (!line) continue;
    if ((since !== undefined && Date.parse(line.time) < since) || (stream !== undefined && line.stream !== stream)) continue;
    chunks.push(`${timestamps && !midLine ? `${line.time} ` : ""}${line.text}${line.partial ? "" : "\n"}`);
    midLine = line.partial;
  }
  return chunks;
};
