import { controllerOf, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Client } from "../client.ts";
import { Informer, type InformerSelection } from "./informer.ts";

/** The index that finds the objects of a namespace. */
export const BY_NAMESPACE = "namespace";
/** The index that finds what an object controls, by the controller's uid; what nobody controls is under the empty string and its namespace: `/shop`. */
export const BY_CONTROLLER = "controller";

/** One informer a type, shared by everything that runs in a component (client-go's SharedInformerFactory). */
export class Informers {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #selections: Readonly<Record<string, InformerSelection>>;
  readonly #informers = new Map<string, Informer>();
  #running = false;

  /** `selections` narrows informers by their resource's name, e.g. a kubelet's `{pods: {fieldSelector: "spec.nodeName=ann"}}`. */
  constructor(client: Client, clock: Clock, selections: Readonly<Record<string, InformerSelection>> = {}) {
    this.#client = client;
    this.#clock = clock;
    this.#selections = selections;
  }

  /** The informer of a type; made, and started where the others run, when it is first asked for. */
  of<T extends KubeObject>(type: ResourceType<T>): Informer<T> {
    const name = `${type.group}/${type.version}/${type.resource}`;
    const known = this.#informers.get(name);
    if (known) return known as unknown as Informer<T>;
    const informer = new Informer<T>(this.#client, this.#clock, type, this.#selections[type.resource]);
    informer.addIndex(BY_NAMESPACE, ({ metadata }) => [metadata.namespace ?? ""]);
    informer.addIndex(BY_CONTROLLER, (object) => [controllerOf(object)?.uid ?? `/${object.metadata.namespace ?? ""}`]);
    this.#informers.set(name, informer as unknown as Informer);
    if (this.#running) informer.start();
    return informer;
  }

  /** The informer of a type if somebody asked for it. */
  existing(type: ResourceType): Informer | undefined {
    return this.#informers.get(`${type.group}/${type.version}/${type.resource}`);
  }

  start(): void {
    this.#running = true;
    for (const informer of this.#informers.values()) informer.start();
  }

  async synced(): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.synced()));
  }

  stop(): void {
    this.#running = false;
    for (const informer of this.#informers.values()) informer.stop();
  }
}
