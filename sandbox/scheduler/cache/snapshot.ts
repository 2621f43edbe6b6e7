import type { Namespace, Node, Pod } from "../../api/types.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { ClusterObjects } from "../framework/cluster.ts";
import { PodInfo } from "../framework/pod-info.ts";
import { ClusterCache } from "./cluster-cache.ts";

/** A cluster as lists of objects: at a revision, in a test, or as it would be. */
export interface ClusterState {
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly namespaces?: readonly Pick<Namespace, "metadata">[];
  readonly objects?: Readonly<Partial<Record<keyof ClusterObjects, readonly KubeObject[]>>>;
}

/** Whether a pod has ended and takes nothing of its node. */
export const isFinished = ({ status }: Pod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

/** The state as scheduling reads it: bound pods on their nodes, waiting ones with the room that is promised to them. */
export const snapshotOf = ({ nodes, pods, namespaces = [], objects = {} }: ClusterState): ClusterCache => {
  const cache = new ClusterCache();
  for (const namespace of namespaces) cache.setNamespace(namespace);
  for (const node of nodes) cache.setNode(node);
  for (const [resource, list] of Object.entries(objects))
    for (const object of list) cache.setObject(resource as keyof ClusterObjects, object);
  for (const pod of pods) {
    if (isFinished(pod)) continue;
    const info = new PodInfo(pod);
    if (pod.spec?.nodeName) cache.placePod(info, pod.spec.nodeName);
    else if (pod.status?.nominatedNodeName) cache.nominate(info, pod.status.nominatedNodeName);
  }
  return cache;
};
