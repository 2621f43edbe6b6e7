import type { Clock } from "../../base/clock/clock.ts";
import { logRecord } from "../log-line.ts";
import type { MemoryFiles } from "./memory-files.ts";

/** The most a simulated container's log keeps, in bytes; the oldest half goes first. */
const maximumLog = 256 * 1024;

/** Writes a container's output to its log file, and lets attached clients see it. */
export class ContainerLog {
  readonly #files: MemoryFiles;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #attached = new Set<(stream: "stdout" | "stderr", chunk: Uint8Array) => void>();

  constructor(files: MemoryFiles, path: string, clock: Clock) {
    this.#files = files;
    this.#path = path;
    this.#clock = clock;
    files.writeNow(path, new Uint8Array());
  }

  write(stream: "stdout" | "stderr", chunk: Uint8Array): void {
    const text = new TextDecoder().decode(chunk);
    if (text === "") return;
    const existing = this.#files.readNow(this.#path);
    if (existing && existing.byteLength > maximumLog) {
      const kept = existing.subarray(existing.indexOf(10, existing.byteLength >> 1) + 1);
      this.#files.writeNow(this.#path, kept);
    }
    this.#files.appendNow(this.#path, Buffer.from(logRecord(this.#clock.now(), stream, text)));
    for (const tell of this.#attached) tell(stream, chunk);
  }

  attach(tell: (stream: "stdout" | "stderr", chunk: Uint8Array) => void): () => void {
    this.#attached.add(tell);
    return () => this.#attached.delete(tell);
  }
}
