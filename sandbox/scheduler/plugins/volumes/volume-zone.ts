import type { PersistentVolumeClaim } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { Plugin } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { failed, unresolvable, type Rejection } from "../../framework/rejection.ts";
import { claimNotFound, classNameOf, volumeNotFound, waitsForConsumer } from "./claims.ts";
import { zoneRetries } from "./retries.ts";

const name = "VolumeZone";
const elsewhere = unresolvable(name, "node(s) had no available volume zone");

/** Labels that say where a volume or node is; the beta ones stand for the stable ones. */
const stableLabel: ReadonlyMap<string, string> = new Map([
  ["topology.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["topology.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
]);

interface Place {
  readonly label: string;
  readonly values: ReadonlySet<string>;
}

/** Keeps pods off nodes outside of the zone that a bound volume's labels name. */
export const volumeZone: Plugin = {
  name,
  retryOn: zoneRetries,
  key: ({ pod }) => (pod.spec?.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim) ? undefined : ""),
  preFilter(pod, cluster) {
    const places = placesOf(pod, cluster);
    if ("code" in places) return places;
    return places.length === 0 ? "skip" : { state: places };
  },
  filter(_pod, { labels }, cycle) {
    const places = cycle.stateOf(volumeZone) as readonly Place[];
    // A node that names no place at all is everywhere: single-zone clusters do without labels.
    if (![...stableLabel.keys()].some((label) => labels[label] !== undefined)) return undefined;
    for (const { label, values } of places) {
      const value = labels[label] ?? labels[stableLabel.get(label) ?? ""];
      if (value === undefined || !values.has(value)) return elsewhere;
    }
    return undefined;
  },
};

const placesOf = (pod: PodInfo, cluster: Cluster): readonly Place[] | Rejection => {
  const places: Place[] = [];
  for (const { persistentVolumeClaim } of pod.pod.spec?.volumes ?? []) {
    if (!persistentVolumeClaim) continue;
    if (persistentVolumeClaim.claimName === "") return unresolvable(name, "PersistentVolumeClaim had no name");
    const claim = cluster.get("persistentvolumeclaims", `${pod.namespace}/${persistentVolumeClaim.claimName}`);
    if (!claim) return unresolvable(name, claimNotFound(persistentVolumeClaim.claimName));
    const volumeName = claim.spec?.volumeName;
    if (!volumeName) {
      const problem = unboundProblem(claim, cluster);
      if (problem) return problem;
      continue;
    }
    const volume = cluster.get("persistentvolumes", volumeName);
    if (!volume) return unresolvable(name, volumeNotFound(volumeName));
    for (const label of stableLabel.keys()) {
      const value = volume.metadata.labels?.[label];
      if (value !== undefined) places.push({ label, values: new Set(value.split("__")) });
    }
  }
  return places;
};

/** A claim that waits for its pod has no zone yet; any other must have a volume. */
const unboundProblem = (claim: PersistentVolumeClaim, cluster: Cluster): Rejection | undefined => {
  const className = classNameOf(claim);
  if (className === "") return unresolvable(name, "PersistentVolumeClaim had no pv name and storageClass name");
  const storageClass = cluster.get("storageclasses", className);
  if (!storageClass) return unresolvable(name, `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`);
  if (!storageClass.volumeBindingMode) return failed(name, `VolumeBindingMode not set for StorageClass ${JSON.stringify(className)}`);
  return waitsForConsumer(storageClass) ? undefined : unresolvable(name, "PersistentVolume had no name");
};
