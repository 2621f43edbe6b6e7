import type { PersistentVolume, PersistentVolumeClaim } from "../../../api/types.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import { nodeSelectorOf, type SelectableNode } from "../../framework/node-selector.ts";
import { valueOf } from "../../framework/resources.ts";
import { classNameOf } from "./claims.ts";

/** Whether a volume can be reached from a node (volume.CheckNodeAffinity). */
export const isReachable = ({ spec }: PersistentVolume, node: SelectableNode): boolean => {
  const required = spec?.nodeAffinity?.required;
  return !required || nodeSelectorOf(required)(node);
};

/** Whether a volume is promised or bound to this claim (IsVolumeBoundToClaim). */
export const isFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean => {
  const reference = spec?.claimRef;
  if (!reference) return false;
  if (reference.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
};

const storageOf = (list: Readonly<Record<string, string>> | undefined): number => valueOf(list?.["storage"] ?? 0);

export const requestedStorage = ({ spec }: PersistentVolumeClaim): number => storageOf(spec?.resources?.requests);

/**
 * The volume that a claim is to be bound to on this node (volume.FindMatchingVolume): the one that is promised to it, or else the smallest
 * that is large enough, of its class, and not taken.
 */
export const matchingVolume = (
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: SelectableNode,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined => {
  const wanted = requestedStorage(claim);
  const className = classNameOf(claim);
  const selector = claim.spec?.selector && selectorOf(claim.spec.selector);
  const modes = claim.spec?.accessModes ?? [];
  let smallest: PersistentVolume | undefined;
  let smallestSize = Infinity;
  for (const volume of volumes) {
    const { metadata, spec, status } = volume;
    if (taken.has(metadata.name ?? "")) continue;
    if (spec?.claimRef && !isFor(volume, claim)) continue;
    const size = storageOf(spec?.capacity);
    if (size < wanted) continue;
    if ((claim.spec?.volumeMode ?? "Filesystem") !== (spec?.volumeMode ?? "Filesystem")) continue;
    if ((claim.spec?.volumeAttributesClassName ?? "") !== (spec?.volumeAttributesClassName ?? "")) continue;
    if (metadata.deletionTimestamp !== undefined) continue;
    const reachable = isReachable(volume, node);
    if (isFor(volume, claim)) return reachable ? volume : undefined;
    if (status?.phase !== "Available") continue;
    if (selector && !selector.matches(metadata.labels)) continue;
    if (classNameOf(volume) !== className || !reachable) continue;
    if (!modes.every((mode) => spec?.accessModes?.includes(mode))) continue;
    if (size < smallestSize) {
      smallest = volume;
      smallestSize = size;
    }
  }
  return smallest;
};
