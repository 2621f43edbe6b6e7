import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from "../../api/resources.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../api/types.ts";
import type { Controller } from "../framework/controller.ts";
import { defineController, together } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { syncClaim } from "./claims.ts";
import { syncVolume } from "./volumes.ts";

const names = {
  name: "persistentvolume-binder-controller",
  alias: "persistentvolume-binder",
  account: "persistent-volume-binder",
} as const;

const claims = defineController<PersistentVolumeClaim>({
  ...names,
  eventSource: "persistentvolume-controller",
  reconciles: persistentVolumeClaims,
  watches: [
    // A volume that was reserved for the claim, or lost by it.
    mapped(persistentVolumes, ({ previous, next }) => {
      const { namespace, name } = (next ?? previous)?.spec?.claimRef ?? {};
      return name === undefined ? [] : [`${namespace ?? ""}/${name}`];
    }),
  ],
  reads: [storageClasses, pods],
  workers: 1,
  resyncMs: (options) => options.persistentVolumeBinderSyncPeriodMs,
  async reconcile(key, context) {
    const claim = context.cache.get(persistentVolumeClaims, key);
    if (claim) await syncClaim(context, claim);
  },
});

const volumes = defineController<PersistentVolume>({
  ...names,
  eventSource: "persistentvolume-controller",
  reconciles: persistentVolumes,
  watches: [
    mapped(persistentVolumeClaims, ({ previous, next }) => {
      const name = (next ?? previous)?.spec?.volumeName;
      return name && previous && (!next || previous.spec?.volumeName !== name) ? [name] : [];
    }),
  ],
  workers: 1,
  resyncMs: (options) => options.persistentVolumeBinderSyncPeriodMs,
  async reconcile(key, context) {
    const volume = context.cache.get(persistentVolumes, key);
    if (volume) await syncVolume(context, volume);
  },
});

/** Brings PersistentVolumeClaims and PersistentVolumes together. */
export const persistentVolumeBinder: Controller = together(names, claims, volumes);
