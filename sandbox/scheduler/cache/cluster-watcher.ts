import {
  csiDrivers,
  csiNodes,
  csiStorageCapacities,
  deviceClasses,
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  resourceClaims,
  resourceSlices,
  services,
  statefulSets,
  storageClasses,
} from "../../api/resources.ts";
import type { Node, Pod } from "../../api/types.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Change, Informer } from "../../client/informers/informer.ts";
import type { Informers } from "../../client/informers/informers.ts";
import type { ClusterObjects } from "../framework/cluster.ts";
import type { ClusterEvent, ClusterEventKind } from "../framework/events.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { countsTheSame, nodeChanges, podChanges, same } from "./changes.ts";
import type { ClusterCache } from "./cluster-cache.ts";
import { isFinished } from "./snapshot.ts";

/** What the watcher tells of pods that have no node, and of everything that could let one in. */
export interface ClusterListener {
  waiting(pod: PodInfo, revision: number, changes: readonly ClusterEvent[]): void;
  /** The pod has a node now, or is gone, or is not for this scheduler any more. */
  settled(uid: string): void;
  happened(event: ClusterEvent, revision: number): void;
}

/** Resources whose changes wake pods, under the name that events have for them. */
const waking = {
  persistentvolumeclaims: "persistentvolumeclaim",
  persistentvolumes: "persistentvolume",
  storageclasses: "storageclass",
  csinodes: "csinode",
  csidrivers: "csidriver",
  csistoragecapacities: "csistoragecapacity",
  resourceclaims: "resourceclaim",
  resourceslices: "resourceslice",
  deviceclasses: "deviceclass",
} as const;

const lookedUp: readonly ResourceType[] = [
  services,
  replicationControllers,
  replicaSets,
  statefulSets,
  podDisruptionBudgets,
  persistentVolumeClaims,
  persistentVolumes,
  storageClasses,
  csiNodes,
  csiDrivers,
  csiStorageCapacities,
];

/** Resources that not every version serves: nobody waits for them. */
const sometimesServed: readonly ResourceType[] = [resourceClaims, resourceSlices, deviceClasses];

/** Keeps the cache up with the API and tells what happened (addAllEventHandlers). */
export class ClusterWatcher {
  readonly #cache: ClusterCache;
  readonly #listener: ClusterListener;
  readonly #informers: readonly Informer[];
  readonly #optional: readonly Informer[];
  readonly #stops: (() => void)[] = [];
  /** Uids of pods that were placed here and whose binding has not been seen. */
  readonly #assumed = new Map<string, PodInfo>();

  constructor(informers: Informers, cache: ClusterCache, listener: ClusterListener) {
    this.#cache = cache;
    this.#listener = listener;
    this.#optional = sometimesServed.map((type) => informers.of(type));
    this.#informers = [nodes, namespaces, ...lookedUp, pods].map((type: ResourceType) => informers.of(type));
  }

  /** Resolves when the cache holds the cluster: nodes and what pods refer to are read before pods. */
  async start(): Promise<void> {
    for (const informer of [...this.#optional, ...this.#informers]) informer.start();
    await Promise.all(this.#informers.map((informer) => informer.synced()));
    for (const informer of [...this.#optional, ...this.#informers]) {
      const { resource } = informer.type;
      this.#stops.push(informer.handle(this.#handlerOf(resource)));
    }
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** The pod as the API had it last. */
  pod(key: string): Pod | undefined {
    return this.#informers.at(-1)!.get(key) as Pod | undefined;
  }

  /** Counts a pod as placed before the API says so. */
  assume(pod: PodInfo, nodeName: string): void {
    this.#assumed.set(pod.uid, pod);
    this.#cache.nominate(pod, undefined);
    this.#cache.placePod(pod, nodeName);
  }

  /** The placement came to nothing. */
  unassume(pod: PodInfo, revision: number): void {
    if (!this.#assumed.delete(pod.uid)) return;
    this.#cache.removePod(pod);
    this.#listener.happened({ kind: "assigned-pod/deleted", before: pod.pod }, revision);
  }

  isAssumed(uid: string): boolean {
    return this.#assumed.has(uid);
  }

  #handlerOf(resource: string): (change: Change<KubeObject>) => void {
    switch (resource) {
      case "pods":
        return ({ previous, next, revision }) => this.#pod(previous as Pod | undefined, next as Pod | undefined, revision);
      case "nodes":
        return ({ previous, next, revision }) => this.#node(previous as Node | undefined, next as Node | undefined, revision);
      case "namespaces":
        return ({ previous, next }) => {
          if (next) this.#cache.setNamespace(next);
          else this.#cache.removeNamespace(previous?.metadata.name ?? "");
        };
      default:
        return (change) => this.#object(resource as keyof ClusterObjects, change);
    }
  }

  #object(resource: keyof ClusterObjects, { previous, next, revision }: Change<KubeObject>): void {
    if (next) this.#cache.setObject(resource, next, previous);
    else if (previous) this.#cache.removeObject(resource, previous);
    if (!(resource in waking)) return;
    const name = waking[resource as keyof typeof waking];
    if (next) this.#tell(`${name}/${previous ? "updated" : "added"}`, previous, next, revision);
    else if (resource === "resourceclaims") this.#tell("resourceclaim/deleted", previous, undefined, revision);
  }

  #node(previous: Node | undefined, next: Node | undefined, revision: number): void {
    if (!next) {
      this.#cache.removeNode(previous?.metadata.name ?? "");
      return this.#tell("node/deleted", previous, undefined, revision);
    }
    const changes = previous ? nodeChanges(previous, next) : [];
    // Heartbeats change nothing that scheduling reads; images do.
    if (!previous || changes.length > 0 || !same(previous.status?.images, next.status?.images)) this.#cache.setNode(next);
    if (!previous) this.#tell("node/added", undefined, next, revision);
    for (const kind of changes) this.#tell(kind, previous, next, revision);
  }

  #pod(previous: Pod | undefined, next: Pod | undefined, revision: number): void {
    const lives = next && !isFinished(next);
    const wasPlaced = previous?.spec?.nodeName !== undefined && previous.spec.nodeName !== "" && !isFinished(previous);
    if (lives && next.spec?.nodeName) return this.#placed(wasPlaced ? previous : undefined, next, revision);
    if (wasPlaced) this.#gone(previous, revision);
    if (!lives) return this.#neverPlaced(previous ?? next, revision);
    this.#unplaced(previous, next, revision);
  }

  #placed(previous: Pod | undefined, next: Pod, revision: number): void {
    const uid = next.metadata.uid ?? "";
    const nodeName = next.spec?.nodeName ?? "";
    const assumed = this.#assumed.get(uid);
    this.#assumed.delete(uid);
    const before = previous ?? assumed?.pod;
    if (before && this.#cache.placeOf(uid) === nodeName && countsTheSame(before, next)) this.#cache.replacePod(next);
    else {
      const info = new PodInfo(next);
      this.#cache.nominate(info, undefined);
      this.#cache.placePod(info, nodeName);
    }
    if (!previous) {
      this.#listener.settled(uid);
      return this.#tell("assigned-pod/added", undefined, next, revision);
    }
    for (const change of podChanges(previous, next)) {
      if (change === "labels-changed" || change === "scaled-down") this.#tell(`assigned-pod/${change}`, previous, next, revision);
    }
  }

  #gone(pod: Pod, revision: number): void {
    this.#cache.removePodOf(pod.metadata.uid ?? "");
    this.#tell("assigned-pod/deleted", pod, undefined, revision);
  }

  /** A pod that ended or was deleted while it waited. */
  #neverPlaced(pod: Pod | undefined, revision: number): void {
    const uid = pod?.metadata.uid ?? "";
    this.#listener.settled(uid);
    const nominated = this.#cache.nominationOf(uid);
    if (nominated !== undefined && pod) {
      this.#cache.nominate(new PodInfo(pod), undefined);
      // The room that was kept for it is free.
      this.#tell("assigned-pod/deleted", pod, undefined, revision);
    }
    const assumed = this.#assumed.get(uid);
    if (assumed) this.unassume(assumed, revision);
  }

  #unplaced(previous: Pod | undefined, next: Pod, revision: number): void {
    const uid = next.metadata.uid ?? "";
    if (this.#assumed.has(uid)) return;
    const info = new PodInfo(next);
    const nominated = next.status?.nominatedNodeName;
    // A nomination that was just made here is not in the API yet; what the API says without a change is no news.
    if (!previous || previous.status?.nominatedNodeName !== nominated) this.#cache.nominate(info, nominated);
    else if (this.#cache.nominationOf(uid) !== undefined) this.#cache.nominate(info, this.#cache.nominationOf(uid));
    const events = previous ? podChanges(previous, next).map((change) => ({ kind: podEvent[change], before: previous, after: next })) : [];
    this.#listener.waiting(info, revision, events);
  }

  #tell(kind: ClusterEventKind, before: KubeObject | undefined, after: KubeObject | undefined, revision: number): void {
    this.#listener.happened({ kind, before, after }, revision);
  }
}

const podEvent = {
  "labels-changed": "pod/labels-changed",
  "scaled-down": "pod/scaled-down",
  "gates-eliminated": "pod/gates-eliminated",
  "tolerations-changed": "pod/tolerations-changed",
  "claims-generated": "pod/claims-generated",
} as const satisfies Record<ReturnType<typeof podChanges>[number], ClusterEventKind>;
