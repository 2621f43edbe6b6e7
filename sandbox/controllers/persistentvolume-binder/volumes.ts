import { hasReason } from "../../apimachinery/errors/status.ts";
import { persistentVolumeClaims } from "../../api/resources.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { setVolumePhase, unbind } from "./binding.ts";

const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

/** Keeps a volume's phase, and has it reclaimed when its claim is gone (syncVolume). */
export const syncVolume = async (context: Reconcile, volume: PersistentVolume): Promise<void> => {
  const reference = volume.spec?.claimRef;
  if (!reference?.uid) {
    await setVolumePhase(context, volume, "Available");
    return;
  }
  const claim = await claimOf(context, reference.namespace ?? "", reference.name ?? "", reference.uid);
  if (!claim) {
    const isReleased = volume.status?.phase === "Released" || volume.status?.phase === "Failed";
    await reclaim(context, isReleased ? volume : await setVolumePhase(context, volume, "Released"));
    return;
  }
  // The claim goes on with the binding.
  if (!claim.spec?.volumeName) return;
  if (claim.spec.volumeName === volume.metadata.name) await setVolumePhase(context, volume, "Bound");
  else if (volume.metadata.annotations?.[PROVISIONED_BY] !== undefined && volume.spec?.persistentVolumeReclaimPolicy === "Delete") {
    await reclaim(context, await setVolumePhase(context, volume, "Released"));
  } else await unbind(context, volume);
};

/** The claim with that uid; the cache may not know of its end or its beginning. */
const claimOf = async (
  { cache, client }: Reconcile,
  namespace: string,
  name: string,
  uid: string,
): Promise<PersistentVolumeClaim | undefined> => {
  const cached = cache.get(persistentVolumeClaims, `${namespace}/${name}`);
  if (cached?.metadata.uid === uid) return cached;
  try {
    const fresh = await client.get(persistentVolumeClaims, { namespace, name });
    return fresh.metadata.uid === uid ? fresh : undefined;
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
};

/** Retain leaves it to people, Delete to whoever made the volume; volumes that nobody made cannot be deleted. */
const reclaim = async (context: Reconcile, volume: PersistentVolume): Promise<void> => {
  const { persistentVolumeReclaimPolicy: policy, csi } = volume.spec ?? {};
  const isForeign = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined || csi !== undefined;
  if (policy === undefined || policy === "Retain" || isForeign || volume.status?.phase === "Failed") return;
  const verb = policy === "Delete" ? "deleter" : "recycler";
  const message = `error getting ${verb} volume plugin for volume ${JSON.stringify(volume.metadata.name ?? "")}: no ${policy === "Delete" ? "deletable" : "recyclable"} volume plugin matched`;
  const failed = await setVolumePhase(context, volume, "Failed", message);
  context.events.event(failed, "Warning", policy === "Delete" ? "VolumeFailedDelete" : "VolumeFailedRecycle", message);
};
