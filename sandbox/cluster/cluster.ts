import { pods } from "../api/resources.ts";
import type { Pod } from "../api/types.ts";
import type { KubeObject, ResourceType } from "../apimachinery/meta/types.ts";
import { apiVersionOf } from "../apimachinery/meta/types.ts";
import type { UserInfo } from "../apimachinery/operation/operation.ts";
import { parseSelector } from "../apimachinery/labels/parse.ts";
import { ClusterClock } from "../base/clock/cluster-clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import { silentLog } from "../base/log/log.ts";
import { hostSeed } from "../base/random/host.ts";
import { SeededRandom } from "../base/random/random.ts";
import type { Client } from "../client/client.ts";
import { localClient } from "../client/local/local-client.ts";
import { Scheduler } from "../scheduler/index.ts";
import { SimulatedNodes } from "./components/simulated-nodes/simulated-nodes.ts";
import { SimulatedNetwork } from "../network/simulated/simulated-network.ts";
import { createSimulatedStorage } from "./bootstrap/simulated-storage.ts";
import { componentTable, type Environment } from "./components.ts";
import { ControlPlane } from "./control-plane.ts";
import { drydockApi } from "./drydock-api/group.ts";
import { milliseconds } from "./duration.ts";
import { metricsApi } from "./metrics-api/group.ts";
import { nodeNamesOf, type ClusterOptions } from "./options.ts";
import { openStorage } from "./storage.ts";

/** When a cluster begins whose time does not pass by itself. */
const virtualStart = Date.UTC(2026, 0, 1);

const admin: UserInfo = { name: "admin", groups: ["system:masters", "system:authenticated"] };

/**
 * A cluster in this process. `await using cluster = await startCluster({ seed: 7, nodes: ["ann", "bob"] })`: time stands, and everything
 * that happens is decided by the seed and the calls made here.
 */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
  const clock = new ClusterClock(options.live ? {} : { start: virtualStart, speed: 0 });
  const random = new SeededRandom(options.seed ?? hostSeed());
  const storage = await openStorage(options, clock, options.log ?? silentLog);
  const groups = [
    drydockApi(() => ({ clock, storage, controlPlane, scheduler: cluster.scheduler })),
    // A cluster without simulated nodes is like one where nobody has installed a metrics-server.
    ...(nodeNamesOf(options).length > 0
      ? [metricsApi(() => ({ reader: controlPlane.apiServer.reader, clock, usageOn: (node) => cluster.nodes.usageOn(node) }))]
      : []),
  ];
  const controlPlane = await ControlPlane.create({ ...options, storage, clock, random, groups });
  const cluster = new Cluster(options, { controlPlane, clock, random });
  try {
    await cluster.start();
  } catch (error) {
    await cluster.stop();
    await storage.close();
    throw error;
  }
  cluster.onStop(() => storage.close());
  return cluster;
};

/** A running cluster, and the levers of whoever holds it. */
export class Cluster implements AsyncDisposable {
  readonly clock: ClusterClock;
  readonly controlPlane: ControlPlane;
  /** As a cluster administrator, within the process. */
  readonly client: Client;
  readonly #environment: Environment;
  readonly #components: Component[] = [];
  readonly #ends: (() => Promise<void>)[] = [];
  #stopped: Promise<void> | undefined;

  constructor(
    options: ClusterOptions,
    { controlPlane, clock, random }: { readonly controlPlane: ControlPlane; readonly clock: ClusterClock; readonly random: SeededRandom },
  ) {
    this.clock = clock;
    this.controlPlane = controlPlane;
    const clientFor = (user: UserInfo, agent: string): Client =>
      localClient({ perform: controlPlane.apiServer.perform, user, userAgent: agent, clock });
    this.#environment = { controlPlane, options, clock, random, log: options.log ?? silentLog, network: new SimulatedNetwork(), clientFor };
    this.client = clientFor(admin, "drydock");
  }

  /** Where HTTPS is served, if it is. */
  get url(): string | undefined {
    return this.controlPlane.url;
  }

  async start(): Promise<void> {
    await this.controlPlane.start();
    const { options } = this.#environment;
    if (nodeNamesOf(options).length > 0) await createSimulatedStorage(this.client);
    for (const { name, make } of componentTable) {
      if (options.disable?.includes(name)) continue;
      const component = make(this.#environment);
      this.#components.push(component);
      await component.start();
    }
    for (const name of nodeNamesOf(options)) await this.nodes.add({ name });
  }

  /** Ends everything in the other order; harmless when it has ended. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  onStop(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Server-side apply, as `kubectl apply --server-side --force-conflicts`. Objects name their kind. */
  async apply(...objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
    const applied: KubeObject[] = [];
    for (const object of objects)
      applied.push(await this.client.apply(this.#typeOf(object), object, { fieldManager: "drydock", force: true }));
    return applied;
  }

  /** Resolves when nothing can happen before time moves on. */
  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** Lets time pass, as fast as it can: `advance("6m")`. */
  advance(duration: string | number): Promise<void> {
    return this.clock.advance(milliseconds(duration));
  }

  /** Cuts a simulated node's power. */
  crash(node: string): Promise<void> {
    return this.nodes.crash(node);
  }

  /** Pods as they are now: all, or those that a label selector takes. */
  pods(selector = "", namespace?: string): readonly Pod[] {
    const parsed = parseSelector(selector);
    const all = this.controlPlane.apiServer.reader.list(pods.group, pods.resource, namespace) as readonly unknown[] as readonly Pod[];
    return all.filter(({ metadata }) => parsed.matches(metadata.labels ?? {}));
  }

  /** The simulated nodes. Throws when the cluster runs without kubelets. */
  get nodes(): SimulatedNodes {
    const nodes = this.#components.find((component) => component instanceof SimulatedNodes);
    if (!nodes) throw new Error("this cluster has no kubelets");
    return nodes;
  }

  /** kube-scheduler, if the cluster runs it. */
  get scheduler(): Scheduler | undefined {
    return this.#components.find((component) => component instanceof Scheduler);
  }

  async #stop(): Promise<void> {
    for (const component of this.#components.reverse()) await component.stop();
    await this.controlPlane.stop();
    for (const end of this.#ends) await end();
    this.clock.stop();
  }

  #typeOf({ apiVersion = "", kind = "" }: KubeObject): ResourceType {
    const { pack, apiServer } = this.controlPlane;
    const builtIn = pack.resources.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
    const found = builtIn ?? apiServer.registry.all().find((entry) => entry.kind === kind && apiVersionOf(entry) === apiVersion);
    if (!found) throw new Error(`no kind ${JSON.stringify(kind)} is served in version ${JSON.stringify(apiVersion)}`);
    const { group, version, resource, namespaced } = found;
    return { group, version, resource, kind, namespaced };
  }
}
