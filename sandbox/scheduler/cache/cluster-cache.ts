import type { Namespace, Node, Pod } from "../../api/types.ts";
import type { Labels } from "../../apimachinery/labels/selector.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { Cluster, ClusterObjects } from "../framework/cluster.ts";
import { NodeInfo } from "../framework/node-info.ts";
import { termsOf, type PodInfo } from "../framework/pod-info.ts";
import { byZoneInTurn, changesZone } from "./node-order.ts";
import { ObjectStore } from "./object-store.ts";

const noPods: readonly PodInfo[] = [];
/** Changes that are remembered at most; who looks less often than that counts anew. */
const longestLog = 100_000;

const selecting: ReadonlySet<keyof ClusterObjects> = new Set(["services", "replicationcontrollers", "replicasets", "statefulsets"]);

const selectorOf = (object: KubeObject | undefined): string =>
  JSON.stringify((object as { spec?: { selector?: unknown } } | undefined)?.spec?.selector);

/**
 * Nodes with their pods summed up, kept as changes come in, and the other objects that scheduling asks for (backend/cache). A cycle reads it as it is:
 * nothing else runs meanwhile, so no snapshot is taken.
 */
export class ClusterCache implements Cluster {
  readonly #bySlot: (NodeInfo | undefined)[] = [];
  readonly #byName = new Map<string, NodeInfo>();
  readonly #freeSlots: number[] = [];
  readonly #placed = new Map<string, { pod: PodInfo; nodeName: string }>();
  readonly #nodesWithAffinity = new Set<NodeInfo>();
  readonly #nodesWithRequiredAntiAffinity = new Set<NodeInfo>();
  /** How many terms of placed pods look at a label. */
  readonly #affinityLabelKeys = new Map<string, number>();
  #affinityLabelKeySet: ReadonlySet<string> | undefined;
  readonly #imageSpread = new Map<string, number>();
  readonly #nominated = new Map<string, PodInfo[]>();
  readonly #nominatedTo = new Map<string, string>();
  readonly #namespaces = new Map<string, Labels>();
  readonly #selectorVersions = new Map<string, number>();
  readonly #objects = new ObjectStore();
  #nodes: readonly NodeInfo[] | undefined;
  #order: Int32Array | undefined;
  #generations = new Float64Array(64);
  #changes: number[] = [];
  #firstChange = 0;
  #namespacesVersion = 0;

  get nodes(): readonly NodeInfo[] {
    return (this.#nodes ??= byZoneInTurn([...this.#byName.values()].filter(({ node }) => node)));
  }

  get order(): Int32Array {
    return (this.#order ??= Int32Array.from(this.nodes, ({ slot }) => slot));
  }

  get generations(): Float64Array {
    return this.#generations;
  }

  node(name: string): NodeInfo | undefined {
    return this.#byName.get(name);
  }

  nodeAt(slot: number): NodeInfo | undefined {
    const node = this.#bySlot[slot];
    return node?.node && node;
  }

  get slots(): number {
    return this.#bySlot.length;
  }

  get version(): number {
    return this.#firstChange + this.#changes.length;
  }

  changedSince(version: number): readonly number[] | undefined {
    if (version < this.#firstChange) return undefined;
    return version === this.version ? [] : this.#changes.slice(version - this.#firstChange);
  }

  get nodesWithAffinity(): ReadonlySet<NodeInfo> {
    return this.#nodesWithAffinity;
  }

  get nodesWithRequiredAntiAffinity(): ReadonlySet<NodeInfo> {
    return this.#nodesWithRequiredAntiAffinity;
  }

  get affinityLabelKeys(): ReadonlySet<string> {
    return (this.#affinityLabelKeySet ??= new Set([...this.#affinityLabelKeys.keys()].sort()));
  }

  imageSpread(image: string): number {
    return this.#imageSpread.get(image) ?? 0;
  }

  nominatedPods(nodeName: string): readonly PodInfo[] {
    return this.#nominated.get(nodeName) ?? noPods;
  }

  get hasNominatedPods(): boolean {
    return this.#nominatedTo.size > 0;
  }

  namespaceLabels(namespace: string): Labels {
    return this.#namespaces.get(namespace);
  }

  get namespacesVersion(): number {
    return this.#namespacesVersion;
  }

  selectorsVersion(namespace: string): number {
    return this.#selectorVersions.get(namespace) ?? 0;
  }

  get<R extends keyof ClusterObjects>(resource: R, key: string): ClusterObjects[R] | undefined {
    return this.#objects.get(resource, key);
  }

  list<R extends keyof ClusterObjects>(resource: R, namespace?: string): readonly ClusterObjects[R][] {
    return this.#objects.list(resource, namespace);
  }

  assume<R extends keyof ClusterObjects>(resource: R, object: ClusterObjects[R]): void {
    this.#objects.assume(resource, object);
  }

  forget(resource: keyof ClusterObjects, key: string): void {
    this.#objects.forget(resource, key);
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? "";
    const info = this.#byName.get(name) ?? this.#newNode(name);
    const { labels, node: before } = info;
    const images = [...info.images.keys()];
    info.setNode(node);
    if (!before || changesZone(labels, info)) this.#reorder();
    this.#countImages(images, [...info.images.keys()]);
    this.#touch(info);
  }

  removeNode(name: string): void {
    const info = this.#byName.get(name);
    if (!info?.node) return;
    this.#countImages([...info.images.keys()], []);
    info.setNode(undefined);
    this.#reorder();
    this.#touch(info);
    this.#dropIfEmpty(info);
  }

  /** Counts a pod on its node, or anew if it was counted before. */
  placePod(pod: PodInfo, nodeName: string): void {
    this.removePod(pod);
    const info = this.#byName.get(nodeName) ?? this.#newNode(nodeName);
    info.addPod(pod);
    if (pod.hasAffinity) this.#countTerms(pod, 1);
    this.#placed.set(pod.uid, { pod, nodeName });
    this.#touch(info);
  }

  removePod({ uid }: PodInfo): void {
    const placed = this.#placed.get(uid);
    if (!placed) return;
    this.#placed.delete(uid);
    const info = this.#byName.get(placed.nodeName);
    if (!info) return;
    info.removePod(placed.pod);
    if (placed.pod.hasAffinity) this.#countTerms(placed.pod, -1);
    this.#touch(info);
    this.#dropIfEmpty(info);
  }

  removePodOf(uid: string): void {
    const placed = this.#placed.get(uid);
    if (placed) this.removePod(placed.pod);
  }

  /** The object of a placed pod changed in nothing that counts. */
  replacePod(pod: Pod): void {
    const placed = this.#placed.get(pod.metadata.uid ?? "");
    if (placed) placed.pod.pod = pod;
  }

  /** Where a pod is counted. */
  placeOf(uid: string): string | undefined {
    return this.#placed.get(uid)?.nodeName;
  }

  /** Promises a pod room on a node; undefined takes the promise back. */
  nominate(pod: PodInfo, nodeName: string | undefined): void {
    const before = this.#nominatedTo.get(pod.uid);
    if (before !== undefined) {
      const others = (this.#nominated.get(before) ?? []).filter(({ uid }) => uid !== pod.uid);
      if (others.length > 0) this.#nominated.set(before, others);
      else this.#nominated.delete(before);
      this.#nominatedTo.delete(pod.uid);
    }
    if (!nodeName) return;
    this.#nominatedTo.set(pod.uid, nodeName);
    this.#nominated.set(nodeName, [...(this.#nominated.get(nodeName) ?? []), pod]);
  }

  nominationOf(uid: string): string | undefined {
    return this.#nominatedTo.get(uid);
  }

  setNamespace({ metadata }: Pick<Namespace, "metadata">): void {
    const name = metadata.name ?? "";
    const labels = metadata.labels ?? {};
    const known = this.#namespaces.get(name);
    if (!known || JSON.stringify(known) !== JSON.stringify(labels)) this.#namespacesVersion++;
    this.#namespaces.set(name, labels);
  }

  removeNamespace(name: string): void {
    if (this.#namespaces.delete(name)) this.#namespacesVersion++;
  }

  setObject(resource: keyof ClusterObjects, object: KubeObject, previous?: KubeObject): void {
    if (selecting.has(resource) && (!previous || selectorOf(previous) !== selectorOf(object))) this.#selectorsChanged(object);
    this.#objects.put(resource, object);
  }

  removeObject(resource: keyof ClusterObjects, object: KubeObject): void {
    if (selecting.has(resource)) this.#selectorsChanged(object);
    this.#objects.remove(resource, object);
  }

  #selectorsChanged({ metadata: { namespace = "" } }: KubeObject): void {
    this.#selectorVersions.set(namespace, this.selectorsVersion(namespace) + 1);
  }

  #reorder(): void {
    this.#nodes = undefined;
    this.#order = undefined;
  }

  #newNode(name: string): NodeInfo {
    const slot = this.#freeSlots.pop() ?? this.#bySlot.length;
    const info = new NodeInfo(slot);
    info.name = name;
    this.#bySlot[slot] = info;
    this.#byName.set(name, info);
    return info;
  }

  #dropIfEmpty(info: NodeInfo): void {
    if (info.node || info.pods.length > 0) return;
    this.#byName.delete(info.name);
    this.#bySlot[info.slot] = undefined;
    this.#freeSlots.push(info.slot);
  }

  #touch(info: NodeInfo): void {
    this.#changes.push(info.slot);
    if (this.#changes.length > longestLog) {
      const dropped = longestLog / 2;
      this.#changes = this.#changes.slice(dropped);
      this.#firstChange += dropped;
    }
    info.generation = this.version;
    if (info.slot >= this.#generations.length) {
      const grown = new Float64Array(2 * info.slot);
      grown.set(this.#generations);
      this.#generations = grown;
    }
    this.#generations[info.slot] = info.generation;
    setMembership(this.#nodesWithAffinity, info, info.node !== undefined && info.podsWithAffinity.length > 0);
    setMembership(this.#nodesWithRequiredAntiAffinity, info, info.node !== undefined && info.podsWithRequiredAntiAffinity.length > 0);
  }

  #countTerms(pod: PodInfo, sign: 1 | -1): void {
    for (const term of termsOf(pod))
      for (const key of term.labelKeys) {
        const before = this.#affinityLabelKeys.get(key) ?? 0;
        if (before + sign > 0) this.#affinityLabelKeys.set(key, before + sign);
        else this.#affinityLabelKeys.delete(key);
        if (before === 0 || before + sign === 0) this.#affinityLabelKeySet = undefined;
      }
  }

  #countImages(before: readonly string[], after: readonly string[]): void {
    if (before.length === 0 && after.length === 0) return;
    for (const image of before) {
      const count = (this.#imageSpread.get(image) ?? 0) - 1;
      if (count > 0) this.#imageSpread.set(image, count);
      else this.#imageSpread.delete(image);
    }
    for (const image of after) this.#imageSpread.set(image, (this.#imageSpread.get(image) ?? 0) + 1);
  }
}

const setMembership = (nodes: Set<NodeInfo>, node: NodeInfo, isMember: boolean): void => {
  if (isMember) nodes.add(node);
  else nodes.delete(node);
};
