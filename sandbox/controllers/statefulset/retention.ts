import type { OwnerReference } from "../../apimachinery/meta/types.ts";
import { pods, statefulSets } from "../../api/resources.ts";
import type { PersistentVolumeClaim, Pod, StatefulSet } from "../../api/types.ts";
import { controllerReference } from "../workloads/owners.ts";
import { isInRange, ordinalOf } from "./identity.ts";

/** Which of the set and the pod a claim is to go with. */
const ownersFor = (set: StatefulSet, pod: Pod): { readonly set: boolean; readonly pod: boolean } => {
  const { whenScaled = "Retain", whenDeleted = "Retain" } = set.spec?.persistentVolumeClaimRetentionPolicy ?? {};
  const condemned = !isInRange(set, ordinalOf(pod));
  const goesWithPod = whenScaled === "Delete" && condemned;
  return { set: whenDeleted === "Delete" && !goesWithPod, pod: goesWithPod };
};

const isOf = (reference: OwnerReference, owner: StatefulSet | Pod): boolean => reference.uid === owner.metadata.uid;

/** Whether a claim is owned as the set's retention policy says. A claim that somebody else controls is left alone. */
export const hasRightOwners = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean => {
  const references = claim.metadata.ownerReferences ?? [];
  const wanted = ownersFor(set, pod);
  const isForeign = references.some(
    (reference) => reference.controller && !isOf(reference, set) && reference.kind !== "Pod" && reference.kind !== "StatefulSet",
  );
  if (isForeign) return true;
  return (
    references.some((reference) => isOf(reference, set)) === wanted.set &&
    references.some((reference) => isOf(reference, pod)) === wanted.pod
  );
};

export const withRightOwners = (claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): PersistentVolumeClaim => {
  const wanted = ownersFor(set, pod);
  const others = (claim.metadata.ownerReferences ?? []).filter((reference) => !isOf(reference, set) && !isOf(reference, pod));
  const ownerReferences = [
    ...others,
    ...(wanted.set ? [controllerReference(statefulSets, set)] : []),
    ...(wanted.pod ? [controllerReference(pods, pod)] : []),
  ];
  return { ...claim, metadata: { ...claim.metadata, ownerReferences } };
};
