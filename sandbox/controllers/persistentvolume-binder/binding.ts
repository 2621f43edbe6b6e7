import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { persistentVolumeClaims, persistentVolumes } from "../../api/resources.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";
import { referenceTo } from "../../client/events/reference.ts";
import type { Reconcile } from "../framework/controller.ts";
import { isBoundTo } from "./matching.ts";

export const BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
const BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

/** Ties the two together, each to the other and each step by itself: whoever finds it half done goes on from there. */
export const bind = async (context: Reconcile, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> => {
  const tied = await tieVolume(context, volume, claim);
  await setVolumePhase(context, tied, "Bound");
  await setClaimPhase(context, await tieClaim(context, tied, claim), "Bound", tied);
};

const tieVolume = async ({ client }: Reconcile, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<PersistentVolume> => {
  const isReserved = isBoundTo(volume, claim);
  if (isReserved && volume.spec?.claimRef?.uid === claim.metadata.uid) return volume;
  const annotations = isReserved ? volume.metadata.annotations : { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
  return client.update(persistentVolumes, {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: { ...volume.spec, claimRef: referenceTo(claim) },
  });
};

const tieClaim = async ({ client }: Reconcile, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<PersistentVolumeClaim> => {
  const { annotations = {} } = claim.metadata;
  const isNamed = claim.spec?.volumeName === volume.metadata.name;
  if (isNamed && annotations[BIND_COMPLETED] !== undefined) return claim;
  return client.update(persistentVolumeClaims, {
    ...claim,
    metadata: {
      ...claim.metadata,
      annotations: { ...annotations, ...(!isNamed && { [BOUND_BY_CONTROLLER]: "yes" }), [BIND_COMPLETED]: "yes" },
    },
    spec: { ...claim.spec, volumeName: volume.metadata.name },
  });
};

/** Gives the volume back: what we had written goes, what a user had reserved stays reserved. */
export const unbind = async (context: Reconcile, volume: PersistentVolume): Promise<void> => {
  const { [BOUND_BY_CONTROLLER]: ours, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef, ...spec } = volume.spec ?? {};
  const { uid: _, ...reserved } = claimRef ?? {};
  const freed = await context.client.update(persistentVolumes, {
    ...volume,
    metadata: { ...volume.metadata, annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
    spec: ours === undefined ? { ...spec, claimRef: reserved } : spec,
  });
  await setVolumePhase(context, freed, "Available");
};

export const setVolumePhase = async (
  { client }: Reconcile,
  volume: PersistentVolume,
  phase: string,
  message?: string,
): Promise<PersistentVolume> => {
  if (volume.status?.phase === phase) return volume;
  return client.updateStatus(persistentVolumes, { ...volume, status: { ...volume.status, phase, message } });
};

export const setClaimPhase = async (
  { client }: Reconcile,
  claim: PersistentVolumeClaim,
  phase: string,
  volume?: PersistentVolume,
): Promise<PersistentVolumeClaim> => {
  const { accessModes: _modes, capacity, ...rest } = claim.status ?? {};
  const wasBound = claim.status?.phase === "Bound" && capacity !== undefined;
  const status = volume
    ? { ...rest, phase, accessModes: volume.spec?.accessModes, capacity: wasBound ? capacity : volume.spec?.capacity }
    : { ...rest, phase };
  return isSemanticallyEqual(status, claim.status) ? claim : client.updateStatus(persistentVolumeClaims, { ...claim, status });
};
