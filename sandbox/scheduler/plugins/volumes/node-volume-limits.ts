import type { CSINode, PersistentVolumeClaim, Pod } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { Plugin } from "../../framework/plugin.ts";
import { unresolvable, unschedulable } from "../../framework/rejection.ts";
import { claimNameOf, claimNotFound, classOf, usesClaims } from "./claims.ts";
import { limitRetries } from "./retries.ts";

const name = "NodeVolumeLimits";
const full = unschedulable(name, "node(s) exceed max volume count");

/** Keeps pods off nodes to which a CSI driver can attach no more volumes. */
export const nodeVolumeLimits: Plugin = {
  name,
  retryOn: limitRetries,
  key: (pod) => (usesClaims(pod) ? undefined : ""),
  preFilter: (pod) => (usesClaims(pod) ? undefined : "skip"),
  filter(pod, node, { cluster }) {
    const wanted = new Map<string, string>();
    const missing = collect(pod.pod, cluster, wanted);
    if (missing !== undefined) return unresolvable(name, claimNotFound(missing));
    if (wanted.size === 0) return undefined;
    const limits = limitsOf(cluster.get("csinodes", node.name));
    if (limits.size === 0) return undefined;
    const attached = new Map<string, string>();
    for (const existing of node.pods) if (usesClaims(existing)) collect(existing.pod, cluster, attached);
    const counts = new Map<string, number>();
    for (const driver of attached.values()) counts.set(driver, (counts.get(driver) ?? 0) + 1);
    const added = new Map<string, number>();
    for (const [volume, driver] of wanted) if (!attached.has(volume)) added.set(driver, (added.get(driver) ?? 0) + 1);
    for (const [driver, count] of added) {
      const limit = limits.get(driver);
      if (limit !== undefined && (counts.get(driver) ?? 0) + count > limit) return full;
    }
    return undefined;
  },
};

const limitsOf = (csiNode: CSINode | undefined): ReadonlyMap<string, number> => {
  const limits = new Map<string, number>();
  for (const { name: driver, allocatable } of csiNode?.spec?.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(driver, allocatable.count);
  return limits;
};

/** Adds the CSI volumes of a pod with their drivers; answers the name of a claim that is missing. */
const collect = (pod: Pod, cluster: Cluster, volumes: Map<string, string>): string | undefined => {
  for (const volume of pod.spec?.volumes ?? []) {
    const claimName = claimNameOf(pod, volume);
    if (claimName === undefined) continue;
    const claim = cluster.get("persistentvolumeclaims", `${pod.metadata.namespace ?? ""}/${claimName}`);
    if (!claim) return claimName;
    const csi = csiVolumeOf(claim, cluster);
    if (csi) volumes.set(`${csi.driver}/${csi.handle}`, csi.driver);
  }
  return undefined;
};

/** The driver and the volume's name there; a volume that is still to be made is told apart by its claim. */
const csiVolumeOf = (claim: PersistentVolumeClaim, cluster: Cluster): { readonly driver: string; readonly handle: string } | undefined => {
  const volume = claim.spec?.volumeName ? cluster.get("persistentvolumes", claim.spec.volumeName) : undefined;
  if (volume) {
    const csi = volume.spec?.csi;
    return csi && { driver: csi.driver, handle: csi.volumeHandle };
  }
  const provisioner = classOf(claim, cluster)?.provisioner;
  if (!provisioner) return undefined;
  return { driver: provisioner, handle: `claim ${claim.metadata.namespace ?? ""}/${claim.metadata.name ?? ""}` };
};
