import { persistentVolumeClaims, persistentVolumes } from "../../api/resources.ts";
import type { PersistentVolumeClaim } from "../../api/types.ts";
import { parseQuantity } from "../../apimachinery/quantity/parse.ts";
import { defineController } from "../framework/define-controller.ts";
import { simulatedDriver } from "./driver.ts";

/** Expands volumes of the simulated driver whose claims ask for more: what the external-resizer does beside a real one. */
export const resizer = defineController<PersistentVolumeClaim>({
  name: "csi-resizer",
  account: "expand-controller",
  eventSource: `external-resizer ${simulatedDriver}`,
  reconciles: persistentVolumeClaims,
  reads: [persistentVolumes],
  async reconcile(key, { client, cache, events }) {
    const claim = cache.get(persistentVolumeClaims, key);
    const volume = cache.get(persistentVolumes, claim?.spec?.volumeName ?? "");
    if (claim?.status?.phase !== "Bound" || volume?.spec?.csi?.driver !== simulatedDriver) return;
    const [wanted, has] = [claim.spec?.resources?.requests?.["storage"], claim.status.capacity?.["storage"]];
    if (wanted === undefined || has === undefined || !isMore(wanted, has)) return;
    const name = volume.metadata.name ?? "";
    events.event(claim, "Normal", "Resizing", `External resizer is resizing volume ${name}`);
    if (isMore(wanted, volume.spec.capacity?.["storage"] ?? "0"))
      await client.patch(persistentVolumes, { name }, { type: "merge", body: { spec: { capacity: { storage: wanted } } } });
    const conditions = claim.status.conditions?.filter(({ type }) => type !== "Resizing" && type !== "FileSystemResizePending");
    await client.updateStatus(persistentVolumeClaims, {
      ...claim,
      status: { ...claim.status, capacity: { ...claim.status.capacity, storage: wanted }, conditions },
    });
    events.event(claim, "Normal", "VolumeResizeSuccessful", "Resize volume succeeded");
  },
});

const isMore = (wanted: string, has: string): boolean => parseQuantity(wanted).scaled(0) > parseQuantity(has).scaled(0);
