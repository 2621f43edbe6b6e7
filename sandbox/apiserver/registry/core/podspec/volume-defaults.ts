import type {
  AzureDiskVolumeSource,
  DownwardAPIVolumeFile,
  HostPathVolumeSource,
  ISCSIPersistentVolumeSource,
  ISCSIVolumeSource,
  ProjectedVolumeSource,
  RBDPersistentVolumeSource,
  RBDVolumeSource,
  ScaleIOPersistentVolumeSource,
  ScaleIOVolumeSource,
  Volume,
} from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { setClaimSpecDefaults } from "../persistentvolumeclaims/claim-defaults.ts";
import { defaultPullPolicy } from "./pull-policy.ts";

/** `rw-r--r--` */
const fileMode = 0o644;

/** Sources that pods and PersistentVolumes have in common. */
interface StorageSources {
  hostPath?: Draft<HostPathVolumeSource>;
  iscsi?: Draft<ISCSIVolumeSource | ISCSIPersistentVolumeSource>;
  rbd?: Draft<RBDVolumeSource | RBDPersistentVolumeSource>;
  azureDisk?: Draft<AzureDiskVolumeSource>;
  scaleIO?: Draft<ScaleIOVolumeSource | ScaleIOPersistentVolumeSource>;
}

/** The defaults of the storage systems that Kubernetes knows by name. */
export const setStorageDefaults = ({ hostPath, iscsi, rbd, azureDisk, scaleIO }: StorageSources): void => {
  if (hostPath) hostPath.type ??= "";
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
};

/** SetDefaults_Volume, and those of its source. A volume of no kind is an empty directory. */
export const setVolumeDefaults = (volume: Draft<Volume>, hasImages: boolean): void => {
  const isEmpty = Object.entries(volume).every(([key, value]) => key === "name" || value === undefined || value === null);
  if (isEmpty) volume.emptyDir = {};
  setStorageDefaults(volume);
  if (volume.secret) volume.secret.defaultMode ??= fileMode;
  if (volume.configMap) volume.configMap.defaultMode ??= fileMode;
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= fileMode;
    setFileDefaults(volume.downwardAPI.items);
  }
  if (volume.projected) setProjectedDefaults(volume.projected);
  if (volume.ephemeral?.volumeClaimTemplate) {
    volume.ephemeral.volumeClaimTemplate.spec ??= {};
    setClaimSpecDefaults(volume.ephemeral.volumeClaimTemplate.spec);
  }
  if (volume.image && hasImages) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? "");
};

const setProjectedDefaults = (volume: Draft<ProjectedVolumeSource>): void => {
  volume.defaultMode ??= fileMode;
  for (const { serviceAccountToken, downwardAPI } of volume.sources ?? []) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
    setFileDefaults(downwardAPI?.items);
  }
};

const setFileDefaults = (files: Draft<DownwardAPIVolumeFile>[] | undefined): void => {
  for (const { fieldRef, resourceFieldRef } of files ?? []) {
    if (fieldRef) fieldRef.apiVersion ||= "v1";
    if (resourceFieldRef) resourceFieldRef.divisor ??= "0";
  }
};
