import type { Status } from "../../apimachinery/errors/status.ts";

/** What a client of exec or attach asked for. */
export interface CommandQuery {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** PodExecOptions and PodAttachOptions, as the API server's or the kubelet's URL has them. */
export const commandQuery = (query: URLSearchParams): CommandQuery => {
  const on = (...names: readonly string[]): boolean => names.some((name) => query.get(name) === "1" || query.get(name) === "true");
  const tty = on("tty");
  return {
    command: query.getAll("command"),
    stdin: on("stdin", "input"),
    stdout: on("stdout", "output"),
    stderr: !tty && on("stderr", "error"),
    tty,
  };
};

/** The client's end of an exec or attach, whichever protocol carries it. */
export interface CommandChannels {
  readonly stdin: AsyncIterable<Uint8Array> | undefined;
  readonly stdout: (chunk: Uint8Array) => void;
  readonly stderr: (chunk: Uint8Array) => void;
  readonly resize: (listener: (size: { readonly width: number; readonly height: number }) => void) => void;
  /** How it ended: the last thing that is sent. */
  readonly finish: (status: Status | CommandStatus) => void;
  readonly signal: AbortSignal;
}

export type CommandStatus = Omit<Status, "kind" | "apiVersion">;

/** The status that ends a session, by protocol version 4: success, or the exit code as a cause. */
export const exitStatus = (code: number): CommandStatus =>
  code === 0
    ? { metadata: {}, status: "Success" }
    : {
        metadata: {},
        status: "Failure",
        message: `command terminated with non-zero exit code: error executing command, exit code ${code}`,
        reason: "NonZeroExitCode" as "InternalError",
        details: { causes: [{ reason: "ExitCode", message: String(code) }] },
      };

/** The status of a session that could not be. */
export const failedStatus = (message: string): CommandStatus => ({
  metadata: {},
  status: "Failure",
  message,
  reason: "InternalError",
  details: { causes: [{ message }] },
  code: 500,
});

/** `{"Width":80,"Height":24}`, as clients send the terminal's size; undefined for anything else. */
export const parseSize = (text: string): { readonly width: number; readonly height: number } | undefined => {
  try {
    const { Width, Height } = JSON.parse(text) as { readonly Width?: unknown; readonly Height?: unknown };
    return typeof Width === "number" && typeof Height === "number" ? { width: Width, height: Height } : undefined;
  } catch {
    return undefined;
  }
};
