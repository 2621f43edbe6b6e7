import type { Node, Taint } from "../../api/types.ts";
import { HostPorts } from "./host-ports.ts";
import type { PodInfo } from "./pod-info.ts";
import { addResources, noResources, resourcesOf, valueOf, type ResourceList, type Resources } from "./resources.ts";

const noLabels: Readonly<Record<string, string>> = Object.freeze({});
const noTaints: readonly Taint[] = [];

/** A node with the pods on it summed up (framework.NodeInfo). Kept up in place; `generation` tells that it changed. */
export class NodeInfo {
  /** Where the node stands in arrays that are kept by node. */
  readonly slot: number;
  /** Grows with every change, over all nodes. */
  generation = 0;
  name = "";
  labels: Readonly<Record<string, string>> = noLabels;
  taints: readonly Taint[] = noTaints;
  allocatable: Resources = noResources();
  allowedPods = 0;
  readonly pods: PodInfo[];
  readonly podsWithAffinity: PodInfo[];
  readonly podsWithRequiredAntiAffinity: PodInfo[];
  readonly requested: Resources;
  nonZeroMilliCPU = 0;
  nonZeroMemory = 0;
  readonly ports: HostPorts;
  /** How many pods use a claim, by `namespace/name`. */
  readonly claims: Map<string, number>;
  #node: Node | undefined;
  #lowestPriority: number | undefined;
  #images: ReadonlyMap<string, number> | undefined;

  constructor(slot: number, other?: NodeInfo) {
    this.slot = slot;
    this.pods = other ? [...other.pods] : [];
    this.podsWithAffinity = other ? [...other.podsWithAffinity] : [];
    this.podsWithRequiredAntiAffinity = other ? [...other.podsWithRequiredAntiAffinity] : [];
    this.requested = other ? { ...other.requested, scalar: new Map(other.requested.scalar) } : noResources();
    this.ports = new HostPorts(other?.ports);
    this.claims = new Map(other?.claims);
    if (!other) return;
    this.generation = other.generation;
    this.nonZeroMilliCPU = other.nonZeroMilliCPU;
    this.nonZeroMemory = other.nonZeroMemory;
    this.name = other.name;
    this.labels = other.labels;
    this.taints = other.taints;
    this.allocatable = other.allocatable;
    this.allowedPods = other.allowedPods;
    this.#node = other.#node;
    this.#images = other.#images;
  }

  /** The object; absent while only its pods are known. */
  get node(): Node | undefined {
    return this.#node;
  }

  /** Sizes in bytes of the images that are on the node, by name. */
  get images(): ReadonlyMap<string, number> {
    return (this.#images ??= imagesOf(this.#node));
  }

  /** The lowest priority among its pods; Infinity when it has none. */
  get lowestPriority(): number {
    return (this.#lowestPriority ??= this.pods.reduce((lowest, { priority }) => Math.min(lowest, priority), Infinity));
  }

  setNode(node: Node | undefined): void {
    this.#node = node;
    this.#images = undefined;
    this.labels = node?.metadata.labels ?? noLabels;
    this.taints = node?.spec?.taints ?? noTaints;
    const allocatable = node?.status?.allocatable as ResourceList | undefined;
    this.allocatable = resourcesOf(allocatable);
    this.allowedPods = valueOf(allocatable?.["pods"] ?? 0);
    if (node) this.name = node.metadata.name ?? "";
  }

  addPod(pod: PodInfo): void {
    this.pods.push(pod);
    if (pod.hasAffinity) this.podsWithAffinity.push(pod);
    if (pod.requiredAntiAffinity.length > 0) this.podsWithRequiredAntiAffinity.push(pod);
    this.#count(pod, 1);
  }

  /** True when the pod was there. */
  removePod(pod: PodInfo): boolean {
    const known = take(this.pods, pod.uid);
    if (!known) return false;
    if (known.hasAffinity) take(this.podsWithAffinity, pod.uid);
    if (known.requiredAntiAffinity.length > 0) take(this.podsWithRequiredAntiAffinity, pod.uid);
    this.#count(known, -1);
    return true;
  }

  /** A copy that may be changed without touching this one. */
  clone(): NodeInfo {
    return new NodeInfo(this.slot, this);
  }

  #count(pod: PodInfo, sign: 1 | -1): void {
    this.#lowestPriority = undefined;
    addResources(this.requested, pod.requests, sign);
    this.nonZeroMilliCPU += sign * pod.nonZeroMilliCPU;
    this.nonZeroMemory += sign * pod.nonZeroMemory;
    for (const port of pod.hostPorts)
      if (sign === 1) this.ports.add(port);
      else this.ports.remove(port);
    for (const name of pod.claimNames) {
      const key = `${pod.namespace}/${name}`;
      const count = (this.claims.get(key) ?? 0) + sign;
      if (count > 0) this.claims.set(key, count);
      else this.claims.delete(key);
    }
  }
}

const take = (pods: PodInfo[], uid: string): PodInfo | undefined => {
  const at = pods.findIndex((pod) => pod.uid === uid);
  return at < 0 ? undefined : pods.splice(at, 1)[0];
};

const imagesOf = (node: Node | undefined): ReadonlyMap<string, number> => {
  const images = new Map<string, number>();
  for (const { names, sizeBytes } of node?.status?.images ?? []) for (const name of names ?? []) images.set(name, sizeBytes ?? 0);
  return images;
};
