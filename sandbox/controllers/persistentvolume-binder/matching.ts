import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { parseQuantity } from "../../apimachinery/quantity/parse.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";

const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

export const classOfClaim = ({ metadata, spec }: PersistentVolumeClaim): string =>
  metadata.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? "";
export const classOfVolume = ({ metadata, spec }: PersistentVolume): string =>
  metadata.annotations?.[CLASS_ANNOTATION] ?? spec?.storageClassName ?? "";

const capacityOf = ({ spec }: PersistentVolume) => parseQuantity(spec?.capacity?.["storage"] ?? "0");
const requestOf = ({ spec }: PersistentVolumeClaim) => parseQuantity(spec?.resources?.requests?.["storage"] ?? "0");

const hasModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec?.accessModes ?? []).every((mode) => volume.spec?.accessModes?.includes(mode));

const hasSameMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (volume.spec?.volumeMode ?? "Filesystem") === (claim.spec?.volumeMode ?? "Filesystem");

/** Whether the volume's claimRef is this claim: one made by hand has no uid yet (IsVolumeBoundToClaim). */
export const isBoundTo = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean => {
  const { name, namespace, uid } = spec?.claimRef ?? {};
  return name === metadata.name && namespace === metadata.namespace && (!uid || uid === metadata.uid);
};

/** The best volume for a claim: one that is reserved for it, or else the smallest that is large enough, with the fewest modes (findByClaim). */
export const bestVolume = (
  volumes: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  onlyReserved: boolean,
): PersistentVolume | undefined => {
  const request = requestOf(claim);
  const selector = claim.spec?.selector ? selectorOf(claim.spec.selector) : undefined;
  const fitting = volumes.filter(
    (volume) => hasSameMode(volume, claim) && hasModes(volume, claim) && !isTerminating(volume) && capacityOf(volume).compare(request) >= 0,
  );
  const byModes = [...Map.groupBy(fitting, ({ spec }) => [...(spec?.accessModes ?? [])].sort().join())].sort(
    ([, a], [, b]) => a[0]!.spec.accessModes!.length - b[0]!.spec.accessModes!.length,
  );
  for (const [, group] of byModes) {
    const reserved = group.find((volume) => volume.spec?.claimRef && isBoundTo(volume, claim));
    if (reserved) return reserved;
    if (onlyReserved) continue;
    const free = group.filter(
      (volume) =>
        !volume.spec?.claimRef && (!selector || selector.matches(volume.metadata.labels)) && classOfVolume(volume) === classOfClaim(claim),
    );
    const [smallest] = free.sort((a, b) => capacityOf(a).compare(capacityOf(b)));
    if (smallest) return smallest;
  }
  return undefined;
};

/** Why a claim cannot have the volume that it names; undefined where it can (checkVolumeSatisfyClaim). */
export const mismatch = (volume: PersistentVolume, claim: PersistentVolumeClaim): string | undefined => {
  if (isTerminating(volume)) return "requested PV is being deleted";
  if (capacityOf(volume).compare(requestOf(claim)) < 0) return "requested PV is too small";
  if (classOfVolume(volume) !== classOfClaim(claim)) return "storageClassName does not match";
  if (!hasSameMode(volume, claim)) return "incompatible volumeMode";
  return hasModes(volume, claim) ? undefined : "incompatible accessMode";
};
