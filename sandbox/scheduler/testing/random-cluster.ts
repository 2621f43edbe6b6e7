import type { Pod, PodSpec } from "../../api/types.ts";
import type { Random } from "../../base/random/random.ts";
import { ClusterCache } from "../cache/cluster-cache.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { aNode, aPod } from "./objects.ts";

const apps = ["web", "db", "queue"];
const zones = ["east", "west", "north"];
const keys = ["topology.kubernetes.io/zone", "kubernetes.io/hostname", "rack"];
const taint = { key: "dedicated", value: "gpu", effect: "NoSchedule" };
const softTaint = { key: "busy", value: "yes", effect: "PreferNoSchedule" };

/** A cluster to which things happen at random, for comparing two ways to look at it. */
export class RandomCluster {
  readonly cache = new ClusterCache();
  readonly #random: Random;
  readonly #placed: PodInfo[] = [];
  #pods = 0;
  #nodes = 0;

  constructor(random: Random) {
    this.#random = random;
    for (const namespace of ["shop", "bank"]) this.cache.setNamespace({ metadata: { name: namespace, labels: { team: namespace } } });
    for (let count = 0; count < 12; count++) this.#addNode();
    for (let count = 0; count < 20; count++) this.#place(this.pod());
    this.cache.setObject("services", { metadata: { namespace: "shop", name: "web" }, spec: { selector: { app: "web" } } } as never);
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#random.integer(items.length)]!;
  }

  #chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  #node(name: string) {
    return aNode(name, {
      cpu: this.#one(["2", "4", "8"]),
      memory: this.#one(["2Gi", "8Gi"]),
      labels: {
        ...(this.#chance(0.9) && { "topology.kubernetes.io/zone": this.#one(zones) }),
        ...(this.#chance(0.6) && { rack: this.#one(["1", "2"]) }),
      },
      taints: [...(this.#chance(0.2) ? [taint] : []), ...(this.#chance(0.2) ? [softTaint] : [])],
      unschedulable: this.#chance(0.05),
      ...(this.#chance(0.3) && { images: [{ names: ["registry.example/app:1"], sizeBytes: 300_000_000 }] }),
    });
  }

  #addNode(): void {
    this.cache.setNode(this.#node(`node-${String(this.#nodes++)}`));
  }

  #terms() {
    const term = () => ({
      topologyKey: this.#one(keys),
      labelSelector: { matchLabels: { app: this.#one(apps) } },
      ...(this.#chance(0.3) && { namespaceSelector: { matchLabels: { team: this.#one(["shop", "bank"]) } } }),
    });
    return {
      ...(this.#chance(0.4) && { requiredDuringSchedulingIgnoredDuringExecution: [term()] }),
      ...(this.#chance(0.4) && {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 + this.#random.integer(100), podAffinityTerm: term() }],
      }),
    };
  }

  #spec(): Partial<PodSpec> {
    const constraint = () => ({
      topologyKey: this.#one(keys),
      maxSkew: 1 + this.#random.integer(2),
      whenUnsatisfiable: this.#one(["DoNotSchedule", "ScheduleAnyway"]),
      labelSelector: { matchLabels: { app: this.#one(apps) } },
      ...(this.#chance(0.3) && { nodeTaintsPolicy: "Honor" }),
    });
    return {
      ...(this.#chance(0.2) && { nodeSelector: { "topology.kubernetes.io/zone": this.#one(zones) } }),
      ...(this.#chance(0.3) && { tolerations: [{ key: "dedicated", operator: "Exists" }] }),
      ...(this.#chance(0.4) && { topologySpreadConstraints: [constraint()] }),
      ...(this.#chance(0.4) && {
        affinity: {
          ...(this.#chance(0.5) && { podAffinity: this.#terms() }),
          ...(this.#chance(0.5) && { podAntiAffinity: this.#terms() }),
        },
      }),
    };
  }

  /** A pod of a few shapes, so that shapes repeat. */
  pod(): Pod {
    const pod = aPod(`pod-${String(this.#pods++)}`, {
      namespace: this.#one(["shop", "bank"]),
      labels: { app: this.#one(apps), ...(this.#chance(0.2) && { index: String(this.#pods) }) },
      cpu: this.#one(["100m", "500m", "1"]),
      memory: this.#one(["64Mi", "512Mi"]),
      priority: this.#one([0, 0, 10]),
      spec: this.#spec(),
    });
    if (!this.#chance(0.1)) return pod;
    const [container] = pod.spec.containers;
    return { ...pod, spec: { ...pod.spec, containers: [{ ...container!, ports: [{ containerPort: 80, hostPort: 8080 }] }] } };
  }

  #place(pod: Pod): void {
    const info = new PodInfo(pod);
    this.#placed.push(info);
    this.cache.placePod(info, this.#one(this.cache.nodes).name);
  }

  /** Counts a pod on the node that was chosen for it. */
  assign(pod: PodInfo, nodeName: string): void {
    this.#placed.push(pod);
    this.cache.placePod(pod, nodeName);
  }

  /** One thing happens. */
  happen(): void {
    const roll = this.#random.next();
    if (roll < 0.3) this.#place(this.pod());
    else if (roll < 0.55 && this.#placed.length > 0)
      this.cache.removePod(this.#placed.splice(this.#random.integer(this.#placed.length), 1)[0]!);
    else if (roll < 0.7) this.cache.setNode(this.#node(this.#one(this.cache.nodes).name));
    else if (roll < 0.8) this.#addNode();
    else if (roll < 0.87 && this.cache.nodes.length > 5) this.cache.removeNode(this.#one(this.cache.nodes).name);
    else if (roll < 0.93)
      this.cache.setNamespace({
        metadata: { name: this.#one(["shop", "bank"]), labels: { team: this.#one(["shop", "bank"]) } },
      });
    else this.cache.nominate(new PodInfo(this.pod()), this.#one(this.cache.nodes).name);
  }
}
