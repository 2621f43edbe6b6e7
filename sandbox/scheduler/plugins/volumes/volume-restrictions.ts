import type { Volume } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import type { Plugin, Tally } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { unresolvable, unschedulable } from "../../framework/rejection.ts";
import { claimNotFound, isReadWriteOncePod } from "./claims.ts";
import { restrictionRetries } from "./retries.ts";

const name = "VolumeRestrictions";
const diskTaken = unschedulable(name, "node(s) had no available disk");
const claimTaken = unschedulable(name, "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode");

const isRestricted = (volume: Volume): boolean =>
  Boolean(volume.gcePersistentDisk ?? volume.awsElasticBlockStore ?? volume.rbd ?? volume.iscsi);

/** Counts on which nodes claims that one pod alone may use are in use. */
class ExclusiveClaimsTally implements Tally {
  readonly #claims: readonly string[];
  readonly #usedAt: boolean[] = [];
  #used = 0;

  constructor(claims: readonly string[]) {
    this.#claims = claims;
  }

  get inUse(): boolean {
    return this.#used > 0;
  }

  update(slot: number, node: NodeInfo | undefined): void {
    const uses = node !== undefined && this.#claims.some((claim) => node.claims.has(claim));
    if (uses !== (this.#usedAt[slot] ?? false)) this.#used += uses ? 1 : -1;
    this.#usedAt[slot] = uses;
  }
}

const exclusiveClaims = (pod: PodInfo, cluster: Cluster): readonly string[] => {
  const keys = (pod.pod.spec?.volumes ?? []).map(
    ({ persistentVolumeClaim }) => persistentVolumeClaim && `${pod.namespace}/${persistentVolumeClaim.claimName}`,
  );
  return keys.filter((key): key is string => {
    const claim = key === undefined ? undefined : cluster.get("persistentvolumeclaims", key);
    return claim !== undefined && isReadWriteOncePod(claim);
  });
};

/** Keeps pods off nodes where a disk that cannot be shared is in use, and claims that one pod alone may use out of a second pod's hands. */
export const volumeRestrictions: Plugin = {
  name,
  retryOn: restrictionRetries,
  key: ({ pod, claimNames }) => (claimNames.length > 0 || pod.spec?.volumes?.some(isRestricted) ? undefined : ""),
  filterTally: {
    key(pod, cluster) {
      if (pod.claimNames.length === 0) return undefined;
      const claims = exclusiveClaims(pod, cluster);
      return claims.length > 0 ? claims.join(" ") : undefined;
    },
    create: (pod, cluster) => new ExclusiveClaimsTally(exclusiveClaims(pod, cluster)),
  },
  preFilter(pod, cluster, tally) {
    for (const { persistentVolumeClaim } of pod.pod.spec?.volumes ?? []) {
      if (!persistentVolumeClaim) continue;
      const claim = cluster.get("persistentvolumeclaims", `${pod.namespace}/${persistentVolumeClaim.claimName}`);
      if (!claim) return unresolvable(name, claimNotFound(persistentVolumeClaim.claimName));
    }
    return !tally && !pod.pod.spec?.volumes?.some(isRestricted) ? "skip" : undefined;
  },
  filter({ pod }, node, cycle) {
    for (const volume of pod.spec?.volumes ?? []) {
      if (!isRestricted(volume)) continue;
      for (const existing of node.pods) if (existing.pod.spec?.volumes?.some((other) => conflict(volume, other))) return diskTaken;
    }
    // The claim is taken wherever its pod runs; every node says no, and preemption finds out where removing it helps.
    const tally = cycle.filterTally(volumeRestrictions) as ExclusiveClaimsTally | undefined;
    return tally?.inUse ? claimTaken : undefined;
  },
};

/** Whether two volumes cannot be on one node (isVolumeConflict). */
const conflict = (a: Volume, b: Volume): boolean => {
  const [gce, otherGce] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce && otherGce && gce.pdName === otherGce.pdName && !(gce.readOnly && otherGce.readOnly)) return true;
  const [aws, otherAws] = [a.awsElasticBlockStore, b.awsElasticBlockStore];
  if (aws && otherAws && aws.volumeID === otherAws.volumeID) return true;
  const [iscsi, otherIscsi] = [a.iscsi, b.iscsi];
  if (iscsi && otherIscsi && iscsi.iqn === otherIscsi.iqn && !(iscsi.readOnly && otherIscsi.readOnly)) return true;
  const [rbd, otherRbd] = [a.rbd, b.rbd];
  if (!rbd || !otherRbd) return false;
  const shareMonitor = rbd.monitors.some((monitor) => otherRbd.monitors.includes(monitor));
  const sameImage = (rbd.pool ?? "rbd") === (otherRbd.pool ?? "rbd") && rbd.image === otherRbd.image;
  return shareMonitor && sameImage && !(rbd.readOnly && otherRbd.readOnly);
};
