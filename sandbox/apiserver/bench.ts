import { loadPack } from "../api/pack/load-pack.ts";
import type { StatusError } from "../apimachinery/errors/status.ts";
import type { AnyObject } from "../apimachinery/meta/types.ts";
import type { Operation, OperationResult, WatchEvent } from "../apimachinery/operation/operation.ts";
import { ClusterClock } from "../base/clock/cluster-clock.ts";
import { SeededRandom } from "../base/random/random.ts";
import { MemoryStorage } from "../storage/memory/memory-storage.ts";
import { createApiServer, type ApiServer } from "./perform.ts";
import { featuresOf } from "./registry/features.ts";
import { strategies } from "./registry/strategies.ts";

const user = { name: "ann", groups: ["system:authenticated"] };

/** What a test says of a request; the rest is a core-group request of ann's in the namespace `shop`. */
export type Asked = Partial<Operation> & Pick<Operation, "verb" | "resource">;

/** An API server over an empty store whose time stands still, for tests: the namespace `shop` is there, with its default service account. */
export class Bench implements AsyncDisposable {
  readonly clock = new ClusterClock({ start: Date.UTC(2026, 0, 1), speed: 0 });
  readonly storage = new MemoryStorage({ clock: this.clock });
  readonly server: ApiServer;

  private constructor() {
    this.server = createApiServer({
      storage: this.storage,
      pack: loadPack("1.32"),
      clock: this.clock,
      random: new SeededRandom(7),
      strategies,
      enabled: featuresOf(32),
    });
  }

  static async start(): Promise<Bench> {
    const bench = new Bench();
    await bench.server.start();
    await bench.create("namespaces", { metadata: { name: "shop" } });
    await bench.create("serviceaccounts", { metadata: { name: "default" } });
    return bench;
  }

  perform(asked: Asked): Promise<OperationResult> {
    return this.server.perform({ group: "", version: "v1", namespace: "shop", user, userAgent: "bench/1.0", ...asked });
  }

  /** The object, or whatever else the answer is about. */
  async object(asked: Asked): Promise<AnyObject> {
    const result = await this.perform(asked);
    if (result.kind === "object") return result.stored.object;
    if (result.kind === "value") return result.value;
    throw new Error(`the answer is a ${result.kind}`);
  }

  create(resource: string, object: object, asked: Partial<Asked> = {}): Promise<AnyObject> {
    return this.object({ verb: "create", resource, object: object as AnyObject, ...asked });
  }

  get(resource: string, name: string, asked: Partial<Asked> = {}): Promise<AnyObject> {
    return this.object({ verb: "get", resource, name, ...asked });
  }

  async list(resource: string, options: Operation["options"] = {}, asked: Partial<Asked> = {}) {
    const result = await this.perform({ verb: "list", resource, options, ...asked });
    if (result.kind !== "list") throw new Error(`the answer is a ${result.kind}`);
    return { ...result.list.metadata, names: result.items.map(({ object }) => object.metadata.name ?? "") };
  }

  /** The events of a watch, as they come: `ADDED a`. */
  async watch(resource: string, options: Operation["options"] = {}, asked: Partial<Asked> = {}) {
    const result = await this.perform({ verb: "watch", resource, options, ...asked });
    if (result.kind !== "watch") throw new Error(`the answer is a ${result.kind}`);
    const seen: WatchEvent[] = [];
    let ended = false;
    result.stream.start({ event: (event) => void seen.push(event), end: () => void (ended = true) });
    return {
      seen,
      get words(): string[] {
        return seen.map((event) => `${event.type} ${event.type === "ERROR" ? "" : (event.stored.object.metadata.name ?? "")}`.trim());
      },
      get ended(): boolean {
        return ended;
      },
      stop: () => result.stream.stop(),
    };
  }

  /** The refusal that a request meets. */
  async refusal(asked: Asked): Promise<StatusError> {
    try {
      await this.perform(asked);
    } catch (error) {
      return error as StatusError;
    }
    throw new Error("the request was not refused");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
    await this.storage.close();
    this.clock.stop();
  }
}

/** A pod of one container. */
export const pod = (name: string, spec: object = {}, metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { containers: [{ name: "main", image: "registry.example/web:1" }], ...spec },
});
