import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  DeviceClass,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  ResourceClaim,
  ResourceSlice,
  Service,
  StatefulSet,
  StorageClass,
} from "../../api/types.ts";
import type { Labels } from "../../apimachinery/labels/selector.ts";
import type { NodeInfo } from "./node-info.ts";
import type { PodInfo } from "./pod-info.ts";

/** The objects besides nodes and pods that plugins look up, by resource. */
export interface ClusterObjects {
  readonly services: Service;
  readonly replicationcontrollers: ReplicationController;
  readonly replicasets: ReplicaSet;
  readonly statefulsets: StatefulSet;
  readonly poddisruptionbudgets: PodDisruptionBudget;
  readonly persistentvolumeclaims: PersistentVolumeClaim;
  readonly persistentvolumes: PersistentVolume;
  readonly storageclasses: StorageClass;
  readonly csinodes: CSINode;
  readonly csidrivers: CSIDriver;
  readonly csistoragecapacities: CSIStorageCapacity;
  readonly resourceclaims: ResourceClaim;
  readonly resourceslices: ResourceSlice;
  readonly deviceclasses: DeviceClass;
}

/** The cluster as one scheduling cycle sees it (framework.SharedLister and the listers of its informers). */
export interface Cluster {
  /** In the order in which they are tried: zone by zone in turn. */
  readonly nodes: readonly NodeInfo[];
  /** The slots of `nodes`. With `generations` it lets hot loops do without looking at the nodes themselves. */
  readonly order: Int32Array;
  /** By slot, the generation of the node that has it. */
  readonly generations: Float64Array;
  node(name: string): NodeInfo | undefined;
  /** The node that has a slot now; a freed slot has none. */
  nodeAt(slot: number): NodeInfo | undefined;
  /** One more than the highest slot. */
  readonly slots: number;
  /** Grows with every change of a node or its pods. */
  readonly version: number;
  /** Slots that changed after `version`, a slot maybe several times; undefined when that is too long ago to tell. */
  changedSince(version: number): readonly number[] | undefined;
  /** Nodes that have pods with affinity or anti-affinity terms. */
  readonly nodesWithAffinity: ReadonlySet<NodeInfo>;
  /** Nodes that have pods with required anti-affinity terms. */
  readonly nodesWithRequiredAntiAffinity: ReadonlySet<NodeInfo>;
  /** The labels that affinity terms of placed pods look at: pods that differ in others only are alike to them. */
  readonly affinityLabelKeys: ReadonlySet<string>;
  /** On how many nodes an image is. */
  imageSpread(image: string): number;
  /** Pods that preemption has promised room on this node. */
  nominatedPods(nodeName: string): readonly PodInfo[];
  /** Whether any pod is nominated anywhere. */
  readonly hasNominatedPods: boolean;
  namespaceLabels(namespace: string): Labels;
  /** Grows when a namespace comes, goes, or changes its labels. */
  readonly namespacesVersion: number;
  /** Grows when a service or a workload's selector of that namespace comes, goes, or changes. */
  selectorsVersion(namespace: string): number;
  /** `key` is `namespace/name`, or `name` where there is no namespace. */
  get<Resource extends keyof ClusterObjects>(resource: Resource, key: string): ClusterObjects[Resource] | undefined;
  list<Resource extends keyof ClusterObjects>(resource: Resource, namespace?: string): readonly ClusterObjects[Resource][];
  /** Has an object count as it will be once it is written; where there is nothing to come of it, nobody assumes. */
  assume?<Resource extends keyof ClusterObjects>(resource: Resource, object: ClusterObjects[Resource]): void;
  /** Has an object count as it is again. */
  forget?(resource: keyof ClusterObjects, key: string): void;
}
