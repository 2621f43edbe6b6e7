import type { Timer } from "../../base/clock/clock.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { leases, nodes, pods } from "../../api/resources.ts";
import type { Node, NodeCondition, Taint } from "../../api/types.ts";
import { eventRecorder, type EventRecorder } from "../../client/events/event-recorder.ts";
import { cacheOf } from "../framework/cache.ts";
import type { Controller, ControllerEnvironment, Reconcile, RunningController } from "../framework/controller.ts";
import { defineController, together } from "../framework/define-controller.ts";
import { isPodReady } from "../workloads/pods.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { placeOf } from "../workloads/owners.ts";
import { toTime } from "../../base/clock/clock.ts";
import { EvictionQueues } from "./evictions.ts";
import { heardOf, readyCondition, silencedConditions, type NodeHealth } from "./health.ts";
import { missingLabels, NOT_READY, UNREACHABLE, withConditionTaints, withEvictionTaint } from "./taints.ts";
import { evictionRate, zoneOf, zoneState } from "./zones.ts";

const LEASES = "kube-node-lease";
const ACCOUNT = "node-controller";
const BY_NODE = "node";

/** Taints nodes as their conditions say: keeps new pods off. */
const conditionTaints = defineController<Node>({
  name: "node-lifecycle-controller",
  account: ACCOUNT,
  reconciles: nodes,
  workers: 8,
  async reconcile(name, { client, cache, clock }) {
    const node = cache.get(nodes, name);
    if (!node) return;
    const taints = withConditionTaints(node, clock.now());
    if (taints !== (node.spec?.taints ?? []) && taints !== node.spec?.taints) await writeTaints({ client }, node, taints);
    const labels = missingLabels(node);
    if (labels) await client.patch(nodes, { name }, { type: "strategic", body: { metadata: { labels } } });
  },
});

const writeTaints = async ({ client }: Pick<Reconcile, "client">, node: Node, taints: readonly Taint[]): Promise<void> => {
  const { name = "", resourceVersion } = node.metadata;
  await client.patch(
    nodes,
    { name },
    { type: "merge", body: { metadata: { resourceVersion }, spec: { taints: taints.length > 0 ? taints : null } } },
  );
};

/** Notices nodes that have fallen silent, and has their pods evicted, node by node. */
const monitor: Controller = { name: "node-lifecycle-controller", account: ACCOUNT, start: (environment) => new NodeMonitor(environment) };

/** Watches over nodes: their conditions' taints, and their heartbeats. */
export const nodeLifecycleController: Controller = together(
  { name: "node-lifecycle-controller", alias: "nodelifecycle", account: ACCOUNT },
  conditionTaints,
  monitor,
);

class NodeMonitor implements RunningController {
  readonly #environment: ControllerEnvironment;
  readonly #client;
  readonly #cache;
  readonly #events: EventRecorder & { stop(): void };
  readonly #health = new Map<string, NodeHealth>();
  readonly #evictions: EvictionQueues;
  #timer: Timer | undefined;
  #running = false;
  #allDown = false;

  constructor(environment: ControllerEnvironment) {
    const { informers, clock, clientFor } = environment;
    this.#environment = environment;
    this.#client = clientFor(ACCOUNT);
    this.#cache = cacheOf(informers);
    this.#events = eventRecorder({ client: this.#client, clock, component: ACCOUNT });
    informers.of(leases);
    informers.of(pods).addIndex(BY_NODE, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
    this.#evictions = new EvictionQueues(clock, (name) => void this.#taint(name).catch((error: unknown) => this.#complain(name, error)));
  }

  run(): void {
    this.#running = true;
    void this.#look();
  }

  stop(): Promise<void> {
    this.#running = false;
    this.#timer?.cancel();
    this.#evictions.stop();
    this.#events.stop();
    return Promise.resolve();
  }

  async #look(): Promise<void> {
    const { clock, options } = this.#environment;
    const all = this.#cache.list(nodes);
    this.#meetAndPart(all);
    for (const node of all) await this.#check(node).catch((error: unknown) => this.#complain(node.metadata.name ?? "", error));
    await this.#setRates(this.#cache.list(nodes)).catch((error: unknown) => this.#complain("", error));
    if (this.#running) this.#timer = clock.after(options.nodeMonitorPeriodMs, () => void this.#look());
  }

  #meetAndPart(all: readonly Node[]): void {
    const present = new Set(all.map(({ metadata }) => metadata.name ?? ""));
    for (const name of [...this.#health.keys()]) {
      if (present.has(name)) continue;
      this.#health.delete(name);
      this.#evictions.remove(name);
      this.#say(name, undefined, "RemovingNode", `Node ${name} event: Removing Node ${name} from Controller`);
    }
    for (const { metadata } of all) {
      const { name = "", uid } = metadata;
      if (!this.#health.has(name)) this.#say(name, uid, "RegisteredNode", `Node ${name} event: Registered Node ${name} in Controller`);
    }
  }

  /** One node: is it still heard of, and what follows for its pods (monitorNodeHealth). */
  async #check(node: Node): Promise<void> {
    const { clock, options } = this.#environment;
    const { name = "", uid } = node.metadata;
    const now = clock.now();
    const observed = readyCondition(node);
    const health = heardOf(node, this.#cache.get(leases, `${LEASES}/${name}`), this.#health.get(name), now);
    this.#health.set(name, health);
    const grace = observed ? options.nodeMonitorGracePeriodMs : options.nodeStartupGracePeriodMs;
    let current: NodeCondition | undefined = observed;
    if (now > health.probed + grace) {
      const conditions = silencedConditions(node, now);
      if (conditions !== node.status?.conditions) {
        const silenced = await this.#client.updateStatus(nodes, { ...node, status: { ...node.status, conditions } });
        current = readyCondition(silenced);
        this.#health.set(name, { ...health, ready: current });
      }
    }
    const before = observed?.status ?? "Unknown";
    await this.#evictByTaint(node, before);
    if (current && current.status !== "True" && before === "True") {
      this.#say(name, uid, "NodeNotReady", `Node ${name} status is now: NodeNotReady`);
      await this.#markPodsNotReady(name);
    }
  }

  async #evictByTaint(node: Node, ready: string): Promise<void> {
    const { name = "" } = node.metadata;
    const key = ready === "True" ? undefined : ready === "False" ? NOT_READY : UNREACHABLE;
    const taints = node.spec?.taints ?? [];
    const hasEither = taints.some((taint) => taint.effect === "NoExecute" && (taint.key === NOT_READY || taint.key === UNREACHABLE));
    if (key === undefined) this.#evictions.remove(name);
    if (key === undefined || hasEither) {
      // A node that is tainted already only changes its taint: that needs no turn.
      const next = withEvictionTaint(node, key, this.#environment.clock.now());
      if (next !== node.spec?.taints && hasEither) await writeTaints({ client: this.#client }, node, next);
    } else this.#evictions.add(zoneOf(node), name);
  }

  /** A node's turn has come. */
  async #taint(name: string): Promise<void> {
    const node = this.#cache.get(nodes, name);
    const ready = node && readyCondition(node)?.status;
    if (!node || ready === "True") return;
    // Nobody knows what to say of a node yet that has never been heard of.
    if (ready === undefined) {
      if (this.#running) this.#evictions.add(zoneOf(node), name);
      return;
    }
    const next = withEvictionTaint(node, ready === "False" ? NOT_READY : UNREACHABLE, this.#environment.clock.now());
    if (next !== node.spec?.taints) await writeTaints({ client: this.#client }, node, next);
  }

  /** How fast each zone is evicted from; where every zone is down nobody is, and those who come back get their time again (handleDisruption). */
  async #setRates(all: readonly Node[]): Promise<void> {
    const { options, clock } = this.#environment;
    const zones = Map.groupBy(all, zoneOf);
    const states = new Map([...zones].map(([zone, members]) => [zone, zoneState(members, options)]));
    const allDown = states.size > 0 && [...states.values()].every((state) => state === "FullDisruption");
    const wasDown = this.#allDown;
    this.#allDown = allDown;
    for (const [zone, members] of zones) this.#evictions.setRate(zone, evictionRate(states.get(zone)!, members.length, allDown, options));
    if (allDown && !wasDown) {
      for (const node of all) {
        const next = withEvictionTaint(node, undefined, clock.now());
        if (next.length !== (node.spec?.taints ?? []).length) await writeTaints({ client: this.#client }, node, next);
      }
    } else if (wasDown && !allDown) {
      for (const [name, health] of this.#health) this.#health.set(name, { ...health, probed: clock.now() });
    }
  }

  /** Endpoints leave out the pods of a silent node before they are evicted. */
  async #markPodsNotReady(name: string): Promise<void> {
    const time = toTime(this.#environment.clock.now());
    for (const pod of this.#cache.indexed(pods, BY_NODE, name)) {
      if (!isPodReady(pod)) continue;
      const conditions = pod.status!.conditions!.map((condition) =>
        condition.type === "Ready" ? { ...condition, status: "False", lastTransitionTime: time } : condition,
      );
      this.#events.event(pod, "Warning", "NodeNotReady", "Node is not ready");
      await this.#client
        .patch(
          pods,
          placeOf(pod),
          { type: "strategic", body: { metadata: { uid: pod.metadata.uid }, status: { conditions } } },
          { subresource: "status" },
        )
        .catch((error: unknown) => {
          if (!hasReason(error, "NotFound", "Conflict")) throw error;
        });
    }
  }

  #say(name: string, uid: string | undefined, reason: string, message: string): void {
    this.#events.event({ apiVersion: "v1", kind: "Node", name, ...(uid && { uid }) }, "Normal", reason, message);
  }

  #complain(name: string, error: unknown): void {
    this.#environment.log.debug("a node will be looked at again", { node: name, error: wordsOf(error) });
  }
}
