import type { PersistentVolumeClaim } from "../../../api/types.ts";
import type { ClusterEvent, ClusterEventHint } from "../../framework/events.ts";
import type { PodInfo } from "../../framework/pod-info.ts";

/** Whether a claim is one of the pod's. */
const isOwnClaim = (pod: PodInfo, { before, after }: ClusterEvent): boolean => {
  const { metadata } = (after ?? before) as PersistentVolumeClaim;
  return metadata.namespace === pod.namespace && pod.claimNames.includes(metadata.name ?? "");
};

const ownClaims: readonly ClusterEventHint[] = [
  { kind: "persistentvolumeclaim/added", helps: isOwnClaim },
  { kind: "persistentvolumeclaim/updated", helps: isOwnClaim },
];

/** VolumeBinding.EventsToRegister. */
export const bindingRetries: readonly ClusterEventHint[] = [
  { kind: "storageclass/added" },
  { kind: "storageclass/updated" },
  ...ownClaims,
  { kind: "persistentvolume/added" },
  { kind: "persistentvolume/updated" },
  { kind: "node/added" },
  { kind: "node/labels-changed" },
  { kind: "csinode/added" },
  { kind: "csinode/updated" },
  { kind: "csidriver/updated" },
  { kind: "csistoragecapacity/added" },
  { kind: "csistoragecapacity/updated" },
];

/** VolumeRestrictions.EventsToRegister. */
export const restrictionRetries: readonly ClusterEventHint[] = [{ kind: "assigned-pod/deleted" }, { kind: "node/added" }, ...ownClaims];

/** VolumeZone.EventsToRegister. */
export const zoneRetries: readonly ClusterEventHint[] = [
  { kind: "storageclass/added" },
  { kind: "node/added" },
  { kind: "node/labels-changed" },
  ...ownClaims,
  { kind: "persistentvolume/added" },
  { kind: "persistentvolume/updated" },
];

/** CSILimits.EventsToRegister. */
export const limitRetries: readonly ClusterEventHint[] = [
  { kind: "csinode/added" },
  { kind: "csinode/updated" },
  { kind: "assigned-pod/deleted" },
  ...ownClaims,
];
