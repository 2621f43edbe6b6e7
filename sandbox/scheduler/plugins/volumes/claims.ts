import type { PersistentVolumeClaim, Pod, StorageClass, Volume } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { PodInfo } from "../../framework/pod-info.ts";

/** How volumes, claims and their binding say things in annotations. */
export const bindCompleted = "pv.kubernetes.io/bind-completed";
export const boundByController = "pv.kubernetes.io/bound-by-controller";
export const selectedNodeAnnotation = "volume.kubernetes.io/selected-node";

const betaStorageClass = "volume.beta.kubernetes.io/storage-class";

/** The class of a claim or volume, with the annotation of old that goes before the field. */
export const classNameOf = ({
  metadata,
  spec,
}: {
  readonly metadata: PersistentVolumeClaim["metadata"];
  readonly spec?: { readonly storageClassName?: string };
}): string => metadata.annotations?.[betaStorageClass] ?? spec?.storageClassName ?? "";

/** The name of the claim that a volume stands for, if it stands for one. */
export const claimNameOf = (pod: Pod, volume: Volume): string | undefined => {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  if (volume.ephemeral) return `${pod.metadata.name ?? ""}-${volume.name}`;
  return undefined;
};

/** Why the claim of an ephemeral volume is not the pod's own (ephemeral.VolumeIsForPod). */
export const foreignClaim = (pod: PodInfo, claim: PersistentVolumeClaim): string | undefined => {
  const owned = claim.metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === pod.pod.metadata.uid);
  if (owned) return undefined;
  return `PVC ${claim.metadata.namespace ?? ""}/${claim.metadata.name ?? ""} was not created for pod ${pod.key} (pod is not owner)`;
};

export const claimNotFound = (name: string): string => `persistentvolumeclaim ${JSON.stringify(name)} not found`;
export const volumeNotFound = (name: string): string => `persistentvolume ${JSON.stringify(name)} not found`;

export const isBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  Boolean(spec?.volumeName) && metadata.annotations?.[bindCompleted] !== undefined;

export const classOf = (claim: PersistentVolumeClaim, cluster: Cluster): StorageClass | undefined => {
  const name = classNameOf(claim);
  return name === "" ? undefined : cluster.get("storageclasses", name);
};

export const waitsForConsumer = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === "WaitForFirstConsumer";

export const isReadWriteOncePod = ({ spec }: PersistentVolumeClaim): boolean => (spec?.accessModes ?? []).includes("ReadWriteOncePod");

export const usesClaims = ({ claimNames }: PodInfo): boolean => claimNames.length > 0;
