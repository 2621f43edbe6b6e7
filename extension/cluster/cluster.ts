import { rm } from "node:fs/promises";
import { Signal, type Disposable } from "../support/signal.ts";
import { Connection } from "./connection.ts";
import { readKubeconfig } from "./kubeconfig/kubeconfig.ts";
import { Engine, type EngineOptions } from "./process/engine.ts";
import type { EngineState } from "./process/engine-state.ts";

export interface ClusterOptions extends EngineOptions {
  /** Where the cluster keeps its data: removed by a reset. */
  readonly dataFolder: () => string;
}

/** The cluster of this window: the engine's life, and a connection while it is ready. */
export class Cluster implements Disposable {
  readonly #engine: Engine;
  readonly #dataFolder: () => string;
  readonly #changed = new Signal();
  #connection: Connection | undefined;

  constructor(options: ClusterOptions) {
    this.#engine = new Engine(options);
    this.#dataFolder = options.dataFolder;
    this.#engine.onState((state) => void this.#follow(state));
  }

  get state(): EngineState {
    return this.#engine.state;
  }

  /** Present while the API server answers. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Told when the state or the connection has changed. */
  readonly onChange = this.#changed.on;

  /** Resolves with the connection when the API server answers; starts the engine where it must. */
  async start(): Promise<Connection> {
    const { kubeconfig } = await this.#engine.start();
    return this.#connect(kubeconfig);
  }

  async stop(): Promise<void> {
    this.#disconnect();
    await this.#engine.stop();
  }

  /** An empty cluster: everything it kept is forgotten. */
  async reset(): Promise<Connection> {
    await this.stop();
    await rm(this.#dataFolder(), { recursive: true, force: true });
    return this.start();
  }

  dispose(): void {
    this.#engine.dispose();
    this.#disconnect();
    this.#changed.dispose();
  }

  async #follow(state: EngineState): Promise<void> {
    if (state.kind === "ready") await this.#connect(state.kubeconfig).catch(() => undefined);
    else this.#disconnect();
    this.#changed.fire();
  }

  #disconnect(): void {
    this.#connection?.dispose();
    this.#connection = undefined;
  }

  async #connect(kubeconfig: string): Promise<Connection> {
    const credentials = await readKubeconfig(kubeconfig);
    if (this.state.kind !== "ready") throw new Error("The cluster ended while it was being connected to");
    return (this.#connection ??= new Connection(kubeconfig, credentials));
  }
}
