import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { Cluster } from "./cluster.ts";
import type { PodInfo } from "./pod-info.ts";

/** What happened to which kind of object (framework.ClusterEvent), as plugins name what may help a pod they rejected. */
export type ClusterEventKind =
  | "node/added"
  | "node/deleted"
  | "node/allocatable-changed"
  | "node/labels-changed"
  | "node/taints-changed"
  | "node/conditions-changed"
  | "node/annotations-changed"
  | "node/declared-features-changed"
  | "assigned-pod/added"
  | "assigned-pod/deleted"
  | "assigned-pod/labels-changed"
  | "assigned-pod/scaled-down"
  | "pod/labels-changed"
  | "pod/tolerations-changed"
  | "pod/gates-eliminated"
  | "pod/scaled-down"
  | "pod/claims-generated"
  | "persistentvolumeclaim/added"
  | "persistentvolumeclaim/updated"
  | "persistentvolume/added"
  | "persistentvolume/updated"
  | "storageclass/added"
  | "storageclass/updated"
  | "csinode/added"
  | "csinode/updated"
  | "csidriver/added"
  | "csidriver/updated"
  | "csistoragecapacity/added"
  | "csistoragecapacity/updated"
  | "resourceclaim/added"
  | "resourceclaim/updated"
  | "resourceclaim/deleted"
  | "resourceslice/added"
  | "resourceslice/updated"
  | "deviceclass/added"
  | "deviceclass/updated"
  /** The scheduler looks again without a cause, as after five minutes. */
  | "anything";

/** Something that happened. */
export interface ClusterEvent {
  readonly kind: ClusterEventKind;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

/** Whether an event may help this very pod (framework.QueueingHintFn); without `helps` it always may. */
export interface ClusterEventHint {
  readonly kind: ClusterEventKind;
  helps?(pod: PodInfo, event: ClusterEvent, cluster: Cluster): boolean;
}
