import { leases, nodes } from "../../api/resources.ts";
import type { Lease, Node } from "../../api/types.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { toMicroTime, type Clock, type Timer } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { Client } from "../../client/client.ts";
import type { Image } from "../../cri/cri.ts";
import { newNode, nodeStatus, type NodeShape } from "./node-object.ts";

export interface NodeAgentOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly shape: NodeShape;
  readonly images: () => Promise<readonly Image[]>;
  readonly tell: (node: Node, type: "Normal" | "Warning", reason: string, message: string) => void;
}

/** Lease: every 10 s, for 40 s. Status: when it changes, and every 5 minutes ("Heartbeats"). */
const leaseEveryMs = 10_000;
const leaseSeconds = 40;
const statusEveryMs = 300_000;
const retryMs = 1000;

/** The node's own life in the API: it registers, renews its lease and reports its status. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #timers = new Set<Timer>();
  #stopped = false;
  #node: Node | undefined;
  #lease: Lease | undefined;
  #reported = "";

  constructor(options: NodeAgentOptions) {
    this.#options = options;
  }

  /** The node's object as it was seen last. */
  get node(): Node | undefined {
    return this.#node;
  }

  /** The node's object has changed (taints, pod range). */
  seen(node: Node): void {
    this.#node = node;
  }

  async start(): Promise<void> {
    await this.#register();
    const { tell, shape, random } = this.#options;
    const node = this.#node!;
    tell(node, "Normal", "Starting", "Starting kubelet.");
    for (const what of ["HasSufficientMemory", "HasNoDiskPressure", "HasSufficientPID"])
      tell(node, "Normal", `Node${what}`, `Node ${shape.name} status is now: Node${what}`);
    tell(node, "Normal", "NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    tell(node, "Normal", "NodeReady", `Node ${shape.name} status is now: NodeReady`);
    await this.#renew();
    this.#reported = await this.#print();
    this.#every(leaseEveryMs, () => this.#renew());
    // Nodes started together must not all report together.
    this.#later(random.integer(statusEveryMs), () => {
      void this.report();
      this.#every(statusEveryMs, () => this.report());
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  /** Reports the status now if it says anything new (images were pulled). */
  async reportChanges(): Promise<void> {
    const print = await this.#print();
    if (print !== this.#reported) await this.report();
  }

  async report(): Promise<void> {
    const { client, shape, clock, images } = this.#options;
    const list = await images();
    const status = nodeStatus(shape, this.#node, list, clock.now());
    try {
      this.#node = await client.patch(nodes, { name: shape.name }, { type: "strategic", body: { status } }, { subresource: "status" });
      this.#reported = await this.#print();
    } catch (error) {
      if (hasReason(error, "NotFound") && !this.#stopped) await this.#register();
    }
  }

  async #print(): Promise<string> {
    return (await this.#options.images()).map(({ id }) => id).join();
  }

  async #register(): Promise<void> {
    const { client, shape, clock } = this.#options;
    while (!this.#stopped) {
      try {
        this.#node = await client.create(nodes, newNode(shape, clock.now()));
        return;
      } catch (error) {
        if (hasReason(error, "AlreadyExists")) return this.#adopt();
        await clock.sleep(retryMs);
      }
    }
  }

  /** The node is known from an earlier life: its labels are brought up to date, its pod range and taints stay. */
  async #adopt(): Promise<void> {
    const { client, shape, clock } = this.#options;
    const existing = await client.get(nodes, { name: shape.name });
    const wanted = newNode(shape, clock.now());
    await client.patch(
      nodes,
      { name: shape.name },
      { type: "strategic", body: { metadata: { labels: wanted.metadata.labels, annotations: wanted.metadata.annotations } } },
    );
    this.#node = existing;
    await this.report();
  }

  async #renew(): Promise<void> {
    const { client, shape, clock } = this.#options;
    const renewTime = toMicroTime(clock.now());
    try {
      this.#lease = this.#lease
        ? await client.update(leases, { ...this.#lease, spec: { ...this.#lease.spec, renewTime } })
        : await client.create(leases, this.#newLease(renewTime));
    } catch (error) {
      if (hasReason(error, "AlreadyExists", "Conflict"))
        this.#lease = await client.get(leases, { namespace: "kube-node-lease", name: shape.name }).catch(() => undefined);
      else if (hasReason(error, "NotFound")) this.#lease = undefined;
    }
  }

  #newLease(renewTime: string): Lease {
    const { shape } = this.#options;
    const owner = { apiVersion: "v1", kind: "Node", name: shape.name, uid: this.#node?.metadata.uid ?? "" };
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: shape.name, namespace: "kube-node-lease", ownerReferences: [owner] },
      spec: { holderIdentity: shape.name, leaseDurationSeconds: leaseSeconds, renewTime },
    };
  }

  #every(ms: number, work: () => Promise<void>): void {
    this.#later(ms, () => {
      void work().catch(() => undefined);
      this.#every(ms, work);
    });
  }

  #later(ms: number, work: () => void): void {
    if (this.#stopped) return;
    const timer = this.#options.clock.after(ms, () => {
      this.#timers.delete(timer);
      work();
    });
    this.#timers.add(timer);
  }
}
