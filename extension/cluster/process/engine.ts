import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { Signal, type Disposable } from "../../support/signal.ts";
import { readyLine, type EngineState } from "./engine-state.ts";

export interface EngineOptions {
  /** dist/sandbox.js. */
  readonly entry: string;
  /** Asked at each start. */
  readonly args: () => readonly string[];
  /** Every line the process prints. */
  readonly log: (line: string) => void;
  /** Milliseconds before each new attempt after a crash; when they are used up, it stays down. */
  readonly restartAfter?: readonly number[];
  /** Milliseconds alive after which earlier crashes are forgotten. */
  readonly settledAfter?: number;
  /** Milliseconds granted for a clean end. */
  readonly grace?: number;
}

type Ready = Extract<EngineState, { kind: "ready" }>;

const lastWords = 5;

/**
 * The engine's process: forked from the editor's own Node, restarted after a crash, ended with the window. The other
 * way round holds too: the process ends itself when the channel to its parent closes.
 */
export class Engine implements Disposable {
  readonly #options: Required<EngineOptions>;
  readonly #changed = new Signal<EngineState>();
  #state: EngineState = { kind: "stopped" };
  #child: ChildProcess | undefined;
  #crashes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EngineOptions) {
    this.#options = { restartAfter: [250, 1000, 4000], settledAfter: 60_000, grace: 5000, ...options };
  }

  get state(): EngineState {
    return this.#state;
  }

  readonly onState = this.#changed.on;

  /** Resolves when the API server answers; rejects when this attempt fails. Harmless when it runs already. */
  async start(): Promise<Ready> {
    if (this.#state.kind === "ready") return this.#state;
    clearTimeout(this.#timer);
    const { promise, resolve, reject } = Promise.withResolvers<Ready>();
    const listening = this.onState((state) => {
      if (state.kind === "ready") resolve(state);
      if (state.kind === "crashed") reject(new Error(`The cluster did not start: ${state.reason}`));
      if (state.kind === "stopped") reject(new Error("The cluster was stopped while it started"));
    });
    try {
      if (this.#child === undefined) this.#launch();
      return await promise;
    } finally {
      listening.dispose();
    }
  }

  /** Resolves when the process has ended. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#crashes = 0;
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined) await this.#end(child);
    this.#become({ kind: "stopped" });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#child?.disconnect();
    this.#child?.kill("SIGTERM");
    this.#child = undefined;
    this.#changed.dispose();
  }

  #launch(): void {
    this.#become({ kind: "starting" });
    const { entry, args, log } = this.#options;
    const child = fork(entry, args(), {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child = child;
    const started = Date.now();
    const words: string[] = [];
    createInterface({ input: child.stdout! }).on("line", (line) => {
      log(line);
      const ready = readyLine(line);
      if (ready !== undefined && this.#child === child) this.#become({ kind: "ready", ...ready });
    });
    createInterface({ input: child.stderr! }).on("line", (line) => {
      log(line);
      words.push(line);
      if (words.length > lastWords) words.shift();
    });
    const ended = (reason: string) => {
      if (this.#child !== child) return;
      this.#child = undefined;
      if (Date.now() - started > this.#options.settledAfter) this.#crashes = 0;
      this.#crashed(reason);
    };
    child.once("error", (error) => ended(error.message));
    child.once("close", (code, signal) =>
      ended([signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`, ...words].join("\n")),
    );
  }

  #crashed(reason: string): void {
    const delay = this.#options.restartAfter[this.#crashes++];
    this.#options.log(`the engine ended: ${reason}`);
    if (delay !== undefined) this.#timer = setTimeout(() => this.#launch(), delay);
    this.#become({ kind: "crashed", reason, restarting: delay !== undefined });
  }

  async #end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    const impatient = setTimeout(() => child.kill("SIGKILL"), this.#options.grace);
    await closed;
    clearTimeout(impatient);
  }

  #become(state: EngineState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
