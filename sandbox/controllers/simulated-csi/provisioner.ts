import { hasReason } from "../../apimachinery/errors/status.ts";
import { persistentVolumeClaims, persistentVolumes, storageClasses } from "../../api/resources.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { FINALIZER, isToDelete, isToProvision, simulatedDriver, volumeFor } from "./driver.ts";

const names = { name: "csi-provisioner", account: "persistent-volume-binder" } as const;

/** Makes the volumes that claims ask the simulated driver for: what the external-provisioner does beside a real one. */
export const provisioner = defineController<PersistentVolumeClaim>({
  ...names,
  eventSource: simulatedDriver,
  reconciles: persistentVolumeClaims,
  reads: [storageClasses],
  async reconcile(key, { client, cache, events }) {
    const claim = cache.get(persistentVolumeClaims, key);
    if (!claim) return;
    const storageClass = cache.get(storageClasses, claim.spec?.storageClassName ?? "");
    if (!storageClass || !isToProvision(claim, storageClass)) return;
    const volume = volumeFor(claim, storageClass);
    const { namespace = "", name = "" } = claim.metadata;
    if (cache.get(persistentVolumes, volume.metadata.name ?? "")) return;
    events.event(claim, "Normal", "Provisioning", `External provisioner is provisioning volume for claim "${namespace}/${name}"`);
    try {
      await client.create(persistentVolumes, volume);
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
    }
    events.event(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${volume.metadata.name ?? ""}`);
  },
});

/** Deletes volumes of the simulated driver once their claims are gone. */
export const deleter = defineController<PersistentVolume>({
  ...names,
  reconciles: persistentVolumes,
  async reconcile(name, { client, cache }) {
    const volume = cache.get(persistentVolumes, name);
    if (!volume?.metadata.finalizers?.includes(FINALIZER)) {
      if (volume && !volume.metadata.deletionTimestamp && isToDelete(volume)) await client.delete(persistentVolumes, { name });
      return;
    }
    if (!isToDelete(volume)) return;
    if (!volume.metadata.deletionTimestamp) await client.delete(persistentVolumes, { name });
    try {
      const fresh = await client.get(persistentVolumes, { name });
      const finalizers = fresh.metadata.finalizers?.filter((finalizer) => finalizer !== FINALIZER);
      await client.update(persistentVolumes, { ...fresh, metadata: { ...fresh.metadata, finalizers } });
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  },
});
