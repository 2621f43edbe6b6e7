import type { PersistentVolume, PersistentVolumeSpec } from "../../../../api/types.ts";
import { nodeSelectorTermWarnings } from "../nodes/selector-warnings.ts";
import { fractionalBytesWarnings } from "../podspec/fractional-bytes.ts";

const oldAnnotations: Readonly<Record<string, string>> = {
  "volume.beta.kubernetes.io/storage-class": 'deprecated since v1.8; use "storageClassName" attribute instead',
  "volume.beta.kubernetes.io/mount-options": 'deprecated since v1.31; use "mountOptions" attribute instead',
};

const deadSources: Readonly<Partial<Record<keyof PersistentVolumeSpec, readonly [field: string, message: string]>>> = {
  photonPersistentDisk: ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  scaleIO: ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  storageos: ["storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  glusterfs: ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  quobyte: ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  flocker: ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  cephfs: ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  rbd: ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
};

/** GetWarningsForPersistentVolume. */
export const volumeWarnings = ({ metadata, spec = {} }: PersistentVolume): string[] => {
  const warnings: string[] = [];
  for (const [key, message] of Object.entries(oldAnnotations))
    if (metadata.annotations?.[key] !== undefined) warnings.push(`metadata.annotations[${key}]: ${message}`);
  if (spec.persistentVolumeReclaimPolicy === "Recycle")
    warnings.push(
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
    );
  for (const [at, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    warnings.push(...nodeSelectorTermWarnings(term, false, `spec.nodeAffinity.required.nodeSelectorTerms[${at}]`));
  warnings.push(...fractionalBytesWarnings(spec.capacity, ["storage"], "spec.capacity"));
  for (const [source, dead] of Object.entries(deadSources))
    if (spec[source as keyof PersistentVolumeSpec]) warnings.push(`spec.${dead[0]}: ${dead[1]}`);
  return warnings;
};
