import { isTerminating } from "../../apimachinery/meta/types.ts";
import { persistentVolumes } from "../../api/resources.ts";
import type { PersistentVolume } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";

const FINALIZER = "kubernetes.io/pv-protection";

/** Keeps a volume that is being deleted for as long as it is bound to a claim. */
export const persistentVolumeProtection = defineController<PersistentVolume>({
  name: "persistentvolume-protection-controller",
  alias: "pv-protection",
  account: "pv-protection-controller",
  reconciles: persistentVolumes,
  async reconcile(key, { cache, client }) {
    const volume = cache.get(persistentVolumes, key);
    if (!volume) return;
    const { finalizers = [] } = volume.metadata;
    const isHeld = finalizers.includes(FINALIZER);
    let next: readonly string[] | undefined;
    if (isTerminating(volume)) {
      if (isHeld && volume.status?.phase !== "Bound") next = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    } else if (!isHeld) next = [...finalizers, FINALIZER];
    if (next) await client.update(persistentVolumes, { ...volume, metadata: { ...volume.metadata, finalizers: next } });
  },
});
