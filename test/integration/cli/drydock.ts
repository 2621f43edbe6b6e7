import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const main = join(import.meta.dirname, "../../../sandbox/main.ts");

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `drydock` command as a process of its own, with a home of its own. */
export class Drydock {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #stdout = "";
  #stderr = "";

  constructor(home: string, ...words: readonly string[]) {
    const env = { ...process.env, DRYDOCK_HOME: home };
    this.#child = spawn(process.execPath, [main, ...words], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#ended = new Promise((resolve) =>
      this.#child.once("close", (code) => resolve({ code, stdout: this.#stdout, stderr: this.#stderr })),
    );
  }

  /** Resolves with the first line on standard output; rejects when the process ends before. */
  firstLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const end = this.#stdout.indexOf("\n");
        if (end >= 0) resolve(this.#stdout.slice(0, end));
      };
      this.#child.stdout?.on("data", look);
      look();
      void this.#ended.then(({ stderr }) => reject(new Error(`ended early: ${stderr}`)));
    });
  }

  ended(): Promise<Ended> {
    return this.#ended;
  }

  /** As a terminal's interrupt or a supervisor would. */
  signal(signal: "SIGTERM" | "SIGINT"): Promise<Ended> {
    this.#child.kill(signal);
    return this.#ended;
  }
}

/** Runs a command to its end. */
export const drydock = (home: string, ...words: readonly string[]): Promise<Ended> => new Drydock(home, ...words).ended();
