import type { KubeObject, OwnerReference, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Client } from "../../client/client.ts";
import type { DiscoveredResource, Discovery } from "../../client/discovery/discovery.ts";
import { Informer } from "../../client/informers/informer.ts";
import type { Informers } from "../../client/informers/informers.ts";
import type { OwnerGraph } from "./graph.ts";

interface Monitor {
  readonly type: ResourceType;
  readonly informer: Informer;
  readonly isOwn: boolean;
  readonly unhandle: () => void;
}

const ignored: ReadonlySet<string> = new Set(["/events", "events.k8s.io/events"]);

/** A watch on each kind that can be listed, watched and deleted, feeding the graph; kinds come and go with CustomResourceDefinitions. */
export class Monitors {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #shared: Informers;
  readonly #discovery: Discovery;
  readonly #monitors = new Map<string, Monitor>();
  readonly #kinds = new Map<string, ResourceType>();
  #graph: OwnerGraph | undefined;

  constructor(client: Client, clock: Clock, shared: Informers, discovery: Discovery) {
    this.#client = client;
    this.#clock = clock;
    this.#shared = shared;
    this.#discovery = discovery;
  }

  /** The resource of an owner's kind, in whatever version it is served. */
  readonly resolve = ({ apiVersion, kind }: OwnerReference): ResourceType | undefined =>
    this.#kinds.get(`${apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : ""}/${kind}`);

  /** Watches what is served now, no longer what is not; resolves when all is known. */
  async follow(graph: OwnerGraph): Promise<void> {
    this.#graph = graph;
    const served = await this.#discovery.preferred();
    this.#kinds.clear();
    for (const resource of served) this.#kinds.set(`${resource.group}/${resource.kind}`, resource);
    const wanted = new Map(served.filter(isCollectable).map((resource) => [`${resource.group}/${resource.resource}`, resource]));
    for (const [name, monitor] of this.#monitors) if (wanted.get(name)?.version !== monitor.type.version) this.#end(name, monitor);
    for (const [name, resource] of wanted) if (!this.#monitors.has(name)) this.#begin(name, resource);
    await Promise.all([...this.#monitors.values()].map(({ informer }) => informer.synced()));
  }

  stop(): void {
    for (const { informer, isOwn, unhandle } of this.#monitors.values()) {
      unhandle();
      if (isOwn) informer.stop();
    }
    this.#monitors.clear();
  }

  #begin(name: string, type: ResourceType): void {
    const shared = this.#shared.existing(type);
    const informer = shared ?? new Informer<KubeObject>(this.#client, this.#clock, type);
    const graph = this.#graph!;
    const unhandle = informer.handle(({ previous, next }) => {
      if (next) graph.observe(type, next);
      if (previous && previous.metadata.uid !== next?.metadata.uid) graph.forget(previous.metadata.uid ?? "");
    });
    if (!shared) informer.start();
    this.#monitors.set(name, { type, informer, isOwn: !shared, unhandle });
  }

  #end(name: string, { informer, isOwn, unhandle }: Monitor): void {
    unhandle();
    if (isOwn) informer.stop();
    this.#monitors.delete(name);
    for (const { metadata } of informer.list()) this.#graph?.forget(metadata.uid ?? "");
  }
}

const isCollectable = ({ group, resource, verbs }: DiscoveredResource): boolean =>
  !ignored.has(`${group}/${resource}`) && ["delete", "list", "watch"].every((verb) => verbs.includes(verb));
