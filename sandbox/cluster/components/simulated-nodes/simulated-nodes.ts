import { configMaps, nodes, pods, secrets, services } from "../../../api/resources.ts";
import type { Node, Pod } from "../../../api/types.ts";
import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { Clock } from "../../../base/clock/clock.ts";
import type { Component } from "../../../base/lifecycle/component.ts";
import type { Random } from "../../../base/random/random.ts";
import type { Client } from "../../../client/client.ts";
import { eventRecorder } from "../../../client/events/event-recorder.ts";
import { EventWriter } from "../../../client/events/event-writer.ts";
import { Informers } from "../../../client/informers/informers.ts";
import { MemoryFiles } from "../../../cri/simulated/memory-files.ts";
import { SimulatedRuntime } from "../../../cri/simulated/simulated-runtime.ts";
import type { SimulatedNetwork } from "../../../network/simulated/simulated-network.ts";
import { Kubelet, type PodSource } from "../../../kubelet/kubelet.ts";
import type { NodeShape } from "../../../kubelet/node/node-object.ts";
import type { ContainerUsage } from "../../metrics-api/usage.ts";
import { simulatedProbes } from "./probes.ts";

/** On a Node that somebody creates: `simulated` asks for a machine behind it. */
export const runtimeAnnotation = "drydock.dev/runtime";

export interface SimulatedNodesOptions {
  /** The client of a node, as `system:node:<name>`. */
  readonly clientFor: (nodeName: string) => Client;
  /** Who watches for all nodes. */
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly network: SimulatedNetwork;
  /** `v1.36.0`. */
  readonly version: string;
  readonly clusterDns?: () => string | undefined;
}

/** What a person may say of a simulated node; the rest is like a small virtual machine. */
export type SimulatedShape = Pick<NodeShape, "name"> & Partial<NodeShape>;

/** The simulated nodes of a cluster: a kubelet each, one watch on pods and one network for all. */
export class SimulatedNodes implements Component {
  readonly name = "simulated-nodes";
  readonly network: SimulatedNetwork;
  readonly #options: SimulatedNodesOptions;
  readonly #informers: Informers;
  readonly #writer: EventWriter;
  readonly #kubelets = new Map<string, Kubelet>();
  readonly #runtimes = new Map<string, SimulatedRuntime>();
  readonly #subscribers = new Map<string, (previous: Pod | undefined, next: Pod | undefined) => void>();
  readonly #podRanges = new Map<string, string>();
  readonly #syncDelays: Random;
  #count = 0;
  #started = false;
  /** Nodes that are on their way up: one that comes while all of them end must not be left behind. */
  readonly #adding = new Set<Promise<void>>();

  constructor(options: SimulatedNodesOptions) {
    this.#options = options;
    this.network = options.network;
    this.#informers = new Informers(options.client, options.clock);
    this.#writer = new EventWriter(options.clock);
    this.#syncDelays = options.random.fork("volume-sync");
    const byNode = this.#informers.of(pods);
    byNode.addIndex("node", ({ spec }) => (spec?.nodeName ? [spec.nodeName] : []));
    byNode.handle(({ previous, next }) => {
      const nodeName = (next ?? previous)?.spec?.nodeName;
      if (nodeName) this.#subscribers.get(nodeName)?.(previous, next);
    });
    this.#informers.of(nodes).handle(({ previous, next }) => {
      this.#asked(previous, next);
      if (!next) return;
      if (next.spec?.podCIDR) this.#podRanges.set(next.metadata.name!, next.spec.podCIDR);
      this.#kubelets.get(next.metadata.name!)?.nodeSeen(next);
    });
    this.#informers.of(services);
    byNode.addIndex("volume-source", volumeSourcesOf);
    for (const type of [configMaps, secrets])
      this.#informers.of(type).handle(({ previous, next }) => this.#sourceChanged(type.resource, (next ?? previous)!));
  }

  async start(): Promise<void> {
    this.#informers.start();
    await this.#informers.synced();
    this.#started = true;
    await Promise.all([...this.#kubelets.values()].map((kubelet) => kubelet.start()));
  }

  async stop(): Promise<void> {
    this.#started = false;
    await Promise.allSettled(this.#adding);
    await Promise.all([...this.#kubelets.values()].map((kubelet) => kubelet.stop()));
    this.#informers.stop();
    this.#writer.stop();
  }

  /** Adds a node; when the cluster runs, it is registered by the time the promise resolves. */
  async add(asked: SimulatedShape): Promise<Kubelet> {
    const kubelet = this.#kubelet(asked);
    this.#kubelets.set(asked.name, kubelet);
    if (this.#started) {
      const starting = kubelet.start();
      this.#adding.add(starting);
      await starting.finally(() => this.#adding.delete(starting));
    }
    return kubelet;
  }

  /** The kubelet stops at once, as if its machine had lost power; the node's object stays. */
  async crash(name: string): Promise<void> {
    await this.#kubelets.get(name)?.stop();
    this.#kubelets.delete(name);
    this.#runtimes.delete(name);
    this.#subscribers.delete(name);
  }

  kubelet(name: string): Kubelet | undefined {
    return this.#kubelets.get(name);
  }

  get names(): readonly string[] {
    return [...this.#kubelets.keys()];
  }

  /** What the containers of a node use, by the uid of their pods; undefined for a node that does not run. */
  async usageOn(name: string): Promise<ReadonlyMap<string, readonly ContainerUsage[]> | undefined> {
    const runtime = this.#runtimes.get(name);
    if (!runtime) return undefined;
    const usage = new Map<string, ContainerUsage[]>();
    for (const stats of await runtime.listContainerStats()) {
      const container = runtime.containers.get(stats.id);
      if (!container) continue;
      const { uid } = container.sandbox.config.metadata;
      usage.set(uid, [...(usage.get(uid) ?? []), { name: container.config.metadata.name, stats }]);
    }
    return usage;
  }

  /** Pods that show the object in a volume see it within a minute, as with a kubelet that looks at each pod once a minute. */
  #sourceChanged(resource: string, { metadata }: KubeObject): void {
    if (!this.#started) return;
    const users = this.#informers.of(pods).byIndex("volume-source", `${resource}/${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    for (const { metadata: pod, spec } of users) {
      const kubelet = this.#kubelets.get(spec?.nodeName ?? "");
      if (kubelet) this.#options.clock.after(this.#syncDelays.integer(60_000), () => kubelet.refresh(pod.uid ?? ""));
    }
  }

  /** Who creates a Node that asks to be simulated gets a machine with it, and loses it by deleting the Node. */
  #asked(previous: Node | undefined, next: Node | undefined): void {
    const { name = "", annotations } = (next ?? previous)?.metadata ?? {};
    if (annotations?.[runtimeAnnotation] !== "simulated") return;
    if (!next) void this.crash(name);
    else if (!previous && !this.#kubelets.has(name)) void this.add({ name });
  }

  #kubelet(asked: SimulatedShape): Kubelet {
    const { clientFor, clock, version } = this.#options;
    const index = ++this.#count;
    const random = this.#options.random.fork(asked.name);
    const files = new MemoryFiles();
    // A node without a range of its own (no node IPAM controller runs) has one by its place in line.
    const podNetwork = this.network.forNode(
      () => this.#podRanges.get(asked.name) ?? `10.${244 + ((index - 1) >> 8)}.${(index - 1) & 255}.0/24`,
    );
    const client = clientFor(asked.name);
    const shape: NodeShape = {
      capacity: { "cpu": "4", "ephemeral-storage": "102400Mi", "hugepages-1Gi": "0", "hugepages-2Mi": "0", "memory": "8Gi", "pods": "110" },
      addresses: [`172.18.${(index + 1) >> 8}.${(index + 1) & 255}`],
      port: 10250,
      kubeletVersion: version,
      runtimeVersion: "drydock://1.0.0",
      osImage: "Drydock simulated node",
      machineId: random.uuid().replaceAll("-", ""),
      ...asked,
    };
    const node = { name: asked.name, address: shape.addresses[0] ?? "" };
    const runtime = new SimulatedRuntime({ clock, random: random.fork("runtime"), files, network: this.network, podNetwork, node });
    this.#runtimes.set(asked.name, runtime);
    const source: PodSource = {
      subscribe: (nodeName, changed) => {
        this.#subscribers.set(nodeName, changed);
        for (const pod of this.#informers.of(pods).byIndex("node", nodeName)) changed(undefined, pod);
        return () => this.#subscribers.delete(nodeName);
      },
    };
    return new Kubelet({
      client,
      clock,
      random,
      shape,
      runtime,
      files,
      runtimeName: "drydock",
      events: eventRecorder({ client, clock, component: "kubelet", host: asked.name, writer: this.#writer }),
      pods: source,
      services: () => this.#informers.of(services).list(),
      probes: simulatedProbes(runtime, this.network, clock),
      hookRequest: async (host, port, path) => (await this.network.request(host, port, { method: "GET", path, headers: {} }))?.code,
      clusterDns: this.#options.clusterDns ?? (() => undefined),
      nodeDns: { servers: ["172.18.0.1"], searches: [], options: [] },
    });
  }
}

/** The ConfigMaps and Secrets that a pod's volumes show: `configmaps/namespace/name`. */
const volumeSourcesOf = ({ metadata, spec }: Pod): readonly string[] => {
  const namespace = metadata.namespace ?? "";
  const found = new Set<string>();
  for (const { configMap, secret, projected } of spec?.volumes ?? []) {
    if (configMap) found.add(`configmaps/${namespace}/${configMap.name ?? ""}`);
    if (secret) found.add(`secrets/${namespace}/${secret.secretName ?? ""}`);
    for (const source of projected?.sources ?? []) {
      if (source.configMap) found.add(`configmaps/${namespace}/${source.configMap.name ?? ""}`);
      if (source.secret) found.add(`secrets/${namespace}/${source.secret.name ?? ""}`);
    }
  }
  return [...found];
};
