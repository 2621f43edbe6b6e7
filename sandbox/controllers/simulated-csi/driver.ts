import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../api/types.ts";

/** The CSI driver that simulated nodes have. Its volumes are reached from every node. */
export const simulatedDriver = "csi.drydock.dev";

export const PROVISIONER = "volume.kubernetes.io/storage-provisioner";
export const SELECTED_NODE = "volume.kubernetes.io/selected-node";
export const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
export const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

/** Whether the driver is to make a volume for the claim now (shouldProvision). */
export const isToProvision = ({ metadata, spec }: PersistentVolumeClaim, storageClass: StorageClass | undefined): boolean =>
  !spec?.volumeName &&
  metadata.deletionTimestamp === undefined &&
  metadata.annotations?.[PROVISIONER] === simulatedDriver &&
  storageClass?.provisioner === simulatedDriver &&
  (storageClass.volumeBindingMode !== "WaitForFirstConsumer" || metadata.annotations[SELECTED_NODE] !== undefined);

/** The volume for a claim, already promised to it. */
export const volumeFor = ({ metadata, spec }: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume => ({
  metadata: { name: `pvc-${metadata.uid ?? ""}`, annotations: { [PROVISIONED_BY]: simulatedDriver }, finalizers: [FINALIZER] },
  spec: {
    accessModes: spec?.accessModes ?? [],
    capacity: { storage: spec?.resources?.requests?.["storage"] ?? "1Gi" },
    claimRef: {
      kind: "PersistentVolumeClaim",
      apiVersion: "v1",
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
    },
    persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
    storageClassName: storageClass.metadata.name,
    ...(storageClass.mountOptions && { mountOptions: storageClass.mountOptions }),
    ...(spec?.volumeMode && { volumeMode: spec.volumeMode }),
    csi: { driver: simulatedDriver, volumeHandle: metadata.uid ?? "" },
  },
});

/** Whether nobody needs the volume any more, and its policy says that it goes with its claim (shouldDelete). */
export const isToDelete = ({ metadata, spec, status }: PersistentVolume): boolean =>
  metadata.annotations?.[PROVISIONED_BY] === simulatedDriver &&
  spec?.persistentVolumeReclaimPolicy === "Delete" &&
  status?.phase === "Released";
