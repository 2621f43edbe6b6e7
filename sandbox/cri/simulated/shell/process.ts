import type { Clock } from "../../../base/clock/clock.ts";
import type { Random } from "../../../base/random/random.ts";
import type { DnsAnswer, Protocol, RecordType, SimulatedAnswer, SimulatedRequest } from "../../../network/network.ts";
import type { ResolverConfig } from "../../../network/resolver.ts";
import type { ContainerFiles } from "../container-files.ts";

/** Answers requests at a port; undefined hangs up without a word. */
export type PortHandler = (request: SimulatedRequest, port: number) => Promise<SimulatedAnswer | undefined> | SimulatedAnswer | undefined;

/** The pod's network, as a process uses it. */
export interface ProcessNetwork {
  /** The pod's addresses, the primary one first. */
  readonly addresses: readonly string[];
  readonly resolver: ResolverConfig;
  /** Addresses of a name: numbers as they are, then `/etc/hosts`, then DNS over the search path. */
  resolve(name: string): readonly string[];
  /** Asks the name servers. `search`: over the search path. */
  lookup(name: string, type: RecordType, search: boolean): DnsAnswer & { readonly name: string };
  /** Where a connection to a host's port would end; undefined: the name is not known. */
  connect(host: string, port: number, protocol?: Protocol): "connected" | "refused" | "dropped" | undefined;
  /** An HTTP request; undefined: no connection. */
  fetch(url: string, method?: string): Promise<SimulatedAnswer | undefined>;
  /** A UDP datagram and what comes back for it. */
  send(host: string, port: number, datagram: string): Promise<string | undefined>;
  /** Takes a port; answers how to let go of it. Undefined: somebody in the container has it. */
  listen(port: number, protocol: Protocol, handler: PortHandler): (() => void) | undefined;
}

/** What a simulated process is given: the kernel's side of it. */
export interface Process {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: ContainerFiles;
  readonly hostname: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** Aborted when the process is killed (SIGKILL). */
  readonly killed: AbortSignal;
  /** Signals other than SIGKILL; a process that set no handler as PID 1 ignores them, as Linux has it. */
  onSignal(listener: (signal: string) => void): () => void;
  readonly network: ProcessNetwork;
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
