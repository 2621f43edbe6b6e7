import type { CSIStorageCapacity, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../../api/types.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { valueOf } from "../../framework/resources.ts";
import { classOf, selectedNodeAnnotation } from "./claims.ts";
import { isReachable, matchingVolume, requestedStorage } from "./volume-matching.ts";

/** A pod's claims by what is to be done with them (PodVolumeClaims). */
export interface PodVolumeClaims {
  readonly bound: readonly PersistentVolumeClaim[];
  /** To be bound once the pod has a node. */
  readonly delayed: readonly PersistentVolumeClaim[];
}

/** What binding a pod's volumes on a node takes (PodVolumes). */
export interface PodVolumes {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  readonly provisions: readonly PersistentVolumeClaim[];
}

const noProvisioner = "kubernetes.io/no-provisioner";

/** How the volumes of a pod would be had on a node, or why not, in upstream's words (FindPodVolumes). */
export const findPodVolumes = ({ bound, delayed }: PodVolumeClaims, node: NodeInfo, cluster: Cluster): PodVolumes | readonly string[] => {
  const reasons: string[] = [];
  let unreachable = false;
  for (const claim of bound) {
    const volume = cluster.get("persistentvolumes", claim.spec?.volumeName ?? "");
    if (!volume) return ["node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"];
    if (!isReachable(volume, node)) unreachable = true;
  }
  if (unreachable) reasons.push("node(s) had volume node affinity conflict");

  const unbound = bindDelayed(delayed, node, cluster);
  if (typeof unbound === "string") reasons.push(unbound);
  return reasons.length > 0 || typeof unbound === "string" ? reasons : unbound;
};

const noVolumes = "node(s) didn't find available persistent volumes to bind";

const bindDelayed = (claims: readonly PersistentVolumeClaim[], node: NodeInfo, cluster: Cluster): PodVolumes | string => {
  const provisions: PersistentVolumeClaim[] = [];
  const toMatch: PersistentVolumeClaim[] = [];
  for (const claim of claims) {
    const selected = claim.metadata.annotations?.[selectedNodeAnnotation];
    if (selected === undefined) toMatch.push(claim);
    else if (selected === node.name) provisions.push(claim);
    else return noVolumes;
  }
  const bindings: { claim: PersistentVolumeClaim; volume: PersistentVolume }[] = [];
  const taken = new Set<string>();
  const volumes = toMatch.length > 0 ? cluster.list("persistentvolumes") : [];
  for (const claim of toMatch.toSorted((a, b) => requestedStorage(a) - requestedStorage(b))) {
    const volume = matchingVolume(claim, volumes, node, taken);
    if (!volume) {
      provisions.push(claim);
      continue;
    }
    taken.add(volume.metadata.name ?? "");
    bindings.push({ claim, volume });
  }
  for (const claim of provisions) {
    const storageClass = classOf(claim, cluster);
    if (!storageClass || !canProvision(storageClass, node)) return noVolumes;
    if (!hasCapacity(storageClass, claim, node, cluster)) return "node(s) did not have enough free storage";
  }
  return { bindings, provisions };
};

const canProvision = ({ provisioner, allowedTopologies }: StorageClass, { labels }: NodeInfo): boolean => {
  if (!provisioner || provisioner === noProvisioner) return false;
  if (!allowedTopologies?.length) return true;
  return allowedTopologies.some(
    ({ matchLabelExpressions }) =>
      matchLabelExpressions?.length &&
      matchLabelExpressions.every(({ key, values }) => Object.hasOwn(labels, key) && values.includes(labels[key]!)),
  );
};

/** Whether a driver that publishes its capacity has enough left within reach of the node. */
const hasCapacity = (storageClass: StorageClass, claim: PersistentVolumeClaim, node: NodeInfo, cluster: Cluster): boolean => {
  const driver = cluster.get("csidrivers", storageClass.provisioner);
  if (!driver?.spec?.storageCapacity) return true;
  const wanted = requestedStorage(claim);
  return cluster.list("csistoragecapacities").some((capacity) => {
    if (capacity.storageClassName !== storageClass.metadata.name) return false;
    const limit = limitOf(capacity);
    if (limit === undefined || limit < wanted || !capacity.nodeTopology) return false;
    return selectorOf(capacity.nodeTopology).matches(node.labels);
  });
};

const limitOf = ({ capacity, maximumVolumeSize }: CSIStorageCapacity): number | undefined => {
  const limit = maximumVolumeSize ?? capacity;
  return limit === undefined ? undefined : valueOf(limit);
};

/** The volume as it is once it is promised to the claim (GetBindVolumeToClaim). */
export const promisedTo = (volume: PersistentVolume, claim: PersistentVolumeClaim, boundByController: string): PersistentVolume => ({
  ...volume,
  metadata: { ...volume.metadata, annotations: { ...volume.metadata.annotations, [boundByController]: "yes" } },
  spec: {
    ...volume.spec,
    claimRef: {
      kind: "PersistentVolumeClaim",
      apiVersion: "v1",
      namespace: claim.metadata.namespace,
      name: claim.metadata.name,
      uid: claim.metadata.uid,
      resourceVersion: claim.metadata.resourceVersion,
    },
  },
});

/** The claim as it is once its node is chosen. */
export const withSelectedNode = (claim: PersistentVolumeClaim, nodeName: string): PersistentVolumeClaim => ({
  ...claim,
  metadata: { ...claim.metadata, annotations: { ...claim.metadata.annotations, [selectedNodeAnnotation]: nodeName } },
});
