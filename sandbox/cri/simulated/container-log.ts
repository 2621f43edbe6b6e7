import { StringDecoder } from "node:string_decoder";
import type { Clock } from "../../base/clock/clock.ts";
import { logRecord } from "../log-line.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** The most a simulated container's log keeps, in bytes; the oldest half goes first. */
const maximumLog = 256 * 1024;

/** Characters after which a line without its end is written in parts. */
const longLine = 16 * 1024;

/** Writes a container's output to its log file, and lets attached clients see it. */
export class ContainerLog {
  readonly #files: MemoryFiles;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #pending = { stdout: "", stderr: "" };
  readonly #decoders: { stdout?: StringDecoder; stderr?: StringDecoder } = {};
  readonly #attached = new Set<(stream: "stdout" | "stderr", chunk: Uint8Array) => void>();

  constructor(files: MemoryFiles, path: string, clock: Clock) {
    this.#files = files;
    this.#path = path;
    this.#clock = clock;
    files.writeNow(path, new Uint8Array());
  }

  write(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    if (chunk.byteLength === 0) return;
    const text = this.#pending[stream] + (this.#decoders[stream] ??= new StringDecoder()).write(Buffer.from(chunk));
    // A line is written when it is whole, or too long to wait for its end.
    const end = text.length > longLine ? text.length : text.lastIndexOf("\n") + 1;
    this.#pending[stream] = text.slice(end);
    this.#record(stream, text.slice(0, end));
    for (const tell of this.#attached) tell(stream, chunk);
  }

  /** The process has ended: what is left of its last line is a partial one. */
  flush(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      this.#record(stream, this.#pending[stream]);
      this.#pending[stream] = "";
    }
  }

  #record(stream: "stdout" | "stderr", text: string): void {
    if (text === "") return;
    const existing = this.#files.readNow(this.#path);
    if (existing && existing.byteLength > maximumLog) {
      const kept = existing.subarray(existing.indexOf(10, existing.byteLength >> 1) + 1);
      this.#files.writeNow(this.#path, kept);
    }
    this.#files.appendNow(this.#path, Buffer.from(logRecord(this.#clock.now(), stream, text)));
  }

  attach(tell: (stream: "stdout" | "stderr", chunk: Uint8Array) => void): () => void {
    this.#attached.add(tell);
    return () => this.#attached.delete(tell);
  }
}
