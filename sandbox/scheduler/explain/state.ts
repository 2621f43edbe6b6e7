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
  priorityClasses,
  replicaSets,
  replicationControllers,
  resourceClaims,
  resourceSlices,
  services,
  statefulSets,
  storageClasses,
} from "../../api/resources.ts";
import type { PriorityClass } from "../../api/types.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { ClusterState } from "../cache/snapshot.ts";
import type { ClusterObjects } from "../framework/cluster.ts";

/** Everything that placing pods depends on, as lists. */
export interface SchedulingState extends ClusterState {
  readonly priorityClasses: readonly PriorityClass[];
}

const lookedUp: Readonly<Record<keyof ClusterObjects, ResourceType>> = {
  services,
  replicationcontrollers: replicationControllers,
  replicasets: replicaSets,
  statefulsets: statefulSets,
  poddisruptionbudgets: podDisruptionBudgets,
  persistentvolumeclaims: persistentVolumeClaims,
  persistentvolumes: persistentVolumes,
  storageclasses: storageClasses,
  csinodes: csiNodes,
  csidrivers: csiDrivers,
  csistoragecapacities: csiStorageCapacities,
  resourceclaims: resourceClaims,
  resourceslices: resourceSlices,
  deviceclasses: deviceClasses,
};

/** Lists every object of a kind: of a client, or of a store at a revision. */
export type ListAll = <T extends KubeObject>(type: ResourceType<T>) => Promise<readonly T[]>;

/** What placing pods depends on. Kinds that are not served count as absent. */
export const schedulingState = async (listAll: ListAll): Promise<SchedulingState> => {
  const some = async <T extends KubeObject>(type: ResourceType<T>): Promise<readonly T[]> => {
    try {
      return await listAll(type);
    } catch (error) {
      if (hasReason(error, "NotFound")) return [];
      throw error;
    }
  };
  const [allNodes, allPods, allNamespaces, classes, ...objects] = await Promise.all([
    listAll(nodes),
    listAll(pods),
    listAll(namespaces),
    some(priorityClasses),
    ...Object.entries(lookedUp).map(async ([resource, type]) => [resource, await some(type)] as const),
  ]);
  return { nodes: allNodes, pods: allPods, namespaces: allNamespaces, priorityClasses: classes, objects: Object.fromEntries(objects) };
};

/** Whether a plugin looks objects of this kind up; answers the name it has there. */
export const lookedUpAs = ({ apiVersion = "", kind }: KubeObject): keyof ClusterObjects | undefined => {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const found = Object.entries(lookedUp).find(([, type]) => type.kind === kind && type.group === group);
  return found?.[0] as keyof ClusterObjects | undefined;
};
