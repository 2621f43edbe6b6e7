import type { Clock } from "../../../base/clock/clock.ts";
import type { ContainerFiles } from "../container-files.ts";

/** What a simulated process is given: the kernel's side of it. */
export interface Process {
  readonly clock: Clock;
  readonly files: ContainerFiles;
  readonly hostname: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** Aborted when the process is killed (SIGKILL). */
  readonly killed: AbortSignal;
  /** Signals other than SIGKILL; a process that set no handler as PID 1 ignores them, as Linux has it. */
  onSignal(listener: (signal: string) => void): () => void;
  /** How a command reaches other pods and Services by HTTP; undefined answer: nothing listens there. */
  fetch(url: string): Promise<{ readonly code: number; readonly body: string } | undefined>;
  /** The addresses of a name, by the cluster's DNS. */
  resolve(name: string): Promise<readonly string[]>;
  /** The other processes' command lines, by PID. */
  processes(): readonly { readonly pid: number; readonly command: string }[];
}

/** The streams of one command. */
export interface Stdio {
  /** All of the input, or as much as there is by the time it is asked for; undefined at its end. */
  readonly read: () => Promise<Uint8Array | undefined>;
  readonly out: (text: Uint8Array) => void;
  readonly err: (text: Uint8Array) => void;
  readonly tty: boolean;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const encode = (text: string): Uint8Array => encoder.encode(text);
export const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The most that a command reads or holds at once: a stranger's loop must not fill our memory. */
export const maximumBuffer = 4 * 1024 * 1024;

/** Everything that comes, up to the bound. */
export const readAll = async (stdio: Stdio): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await stdio.read(); chunk; chunk = await stdio.read()) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > maximumBuffer) break;
  }
  return Buffer.concat(chunks);
};

/** The process was killed: unwinds whatever ran. */
export class Killed extends Error {}
