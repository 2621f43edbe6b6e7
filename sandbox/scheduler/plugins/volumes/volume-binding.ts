import type { PersistentVolume, PersistentVolumeClaim } from "../../../api/types.ts";
import { persistentVolumeClaims, persistentVolumes } from "../../../api/resources.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { Acting, Plugin } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { failed, unresolvable, type Rejection } from "../../framework/rejection.ts";
import {
  boundByController,
  claimNameOf,
  claimNotFound,
  classOf,
  foreignClaim,
  isBound,
  selectedNodeAnnotation,
  usesClaims,
  waitsForConsumer,
} from "./claims.ts";
import { findPodVolumes, promisedTo, withSelectedNode, type PodVolumeClaims, type PodVolumes } from "./volume-binder.ts";
import { isReachable } from "./volume-matching.ts";
import { bindingRetries } from "./retries.ts";

/** VolumeBindingArgs. */
export interface VolumeBindingArgs {
  /** How long a pod's volumes may take to be bound. */
  readonly bindTimeoutSeconds: number;
}

const name = "VolumeBinding";

/** Keeps pods off nodes that their volumes cannot reach, and has volumes made and bound for the node that was chosen. */
export const volumeBinding = ({ bindTimeoutSeconds }: VolumeBindingArgs): Plugin => {
  const reserved = new Map<string, PodVolumes>();
  const plugin: Plugin = {
    name,
    retryOn: bindingRetries,
    key: (pod) => (usesClaims(pod) ? undefined : ""),
    preFilter(pod, cluster) {
      if (!usesClaims(pod)) return "skip";
      const claims = claimsOf(pod, cluster);
      return "code" in claims ? claims : { state: claims };
    },
    filter(_pod, node, cycle) {
      const found = findPodVolumes(cycle.stateOf(plugin) as PodVolumeClaims, node, cycle.cluster);
      return "bindings" in found ? undefined : unresolvable(name, ...found);
    },
    reserve(pod, node, cycle) {
      const claims = cycle.stateOf(plugin) as PodVolumeClaims | undefined;
      if (!claims) return undefined;
      const volumes = findPodVolumes(claims, node, cycle.cluster);
      if (!("bindings" in volumes)) return unresolvable(name, ...volumes);
      for (const { claim, volume } of volumes.bindings)
        cycle.cluster.assume?.("persistentvolumes", promisedTo(volume, claim, boundByController));
      for (const claim of volumes.provisions) cycle.cluster.assume?.("persistentvolumeclaims", withSelectedNode(claim, node.name));
      if (volumes.bindings.length > 0 || volumes.provisions.length > 0) reserved.set(pod.uid, volumes);
      return undefined;
    },
    unreserve(pod, _nodeName, cluster) {
      const volumes = reserved.get(pod.uid);
      reserved.delete(pod.uid);
      for (const { volume } of volumes?.bindings ?? []) cluster.forget?.("persistentvolumes", volume.metadata.name ?? "");
      for (const { metadata } of volumes?.provisions ?? [])
        cluster.forget?.("persistentvolumeclaims", `${metadata.namespace ?? ""}/${metadata.name ?? ""}`);
    },
    async preBind(pod, nodeName, acting) {
      const volumes = reserved.get(pod.uid);
      if (!volumes) return undefined;
      await write(volumes, nodeName, acting);
      const deadline = acting.clock.now() + bindTimeoutSeconds * 1000;
      for (;;) {
        const verdict = progress(volumes, nodeName, acting.cluster);
        if (verdict === "bound") break;
        if (verdict !== "waiting") return failed(name, verdict);
        if (acting.clock.now() >= deadline) return failed(name, "binding volumes: context deadline exceeded");
        await acting.clock.sleep(Math.min(1000, deadline - acting.clock.now()), acting.signal);
      }
      reserved.delete(pod.uid);
      return undefined;
    },
  };
  return plugin;
};

const claimsOf = (pod: PodInfo, cluster: Cluster): PodVolumeClaims | Rejection => {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: PersistentVolumeClaim[] = [];
  let immediate = false;
  for (const volume of pod.pod.spec?.volumes ?? []) {
    const claimName = claimNameOf(pod.pod, volume);
    if (claimName === undefined) continue;
    const claim = cluster.get("persistentvolumeclaims", `${pod.namespace}/${claimName}`);
    const problem = problemOf(pod, claim, claimName, Boolean(volume.ephemeral));
    if (problem !== undefined) return unresolvable(name, problem);
    if (isBound(claim!)) bound.push(claim!);
    else if (!claim!.spec?.volumeName && waitsForConsumer(classOf(claim!, cluster))) delayed.push(claim!);
    else immediate = true;
  }
  if (immediate) return unresolvable(name, "pod has unbound immediate PersistentVolumeClaims");
  return { bound, delayed };
};

const problemOf = (pod: PodInfo, claim: PersistentVolumeClaim | undefined, claimName: string, ephemeral: boolean): string | undefined => {
  if (!claim)
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${JSON.stringify(claimName)}`
      : claimNotFound(claimName);
  if (claim.status?.phase === "Lost")
    return `persistentvolumeclaim ${JSON.stringify(claimName)} bound to non-existent persistentvolume ${JSON.stringify(claim.spec?.volumeName ?? "")}`;
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim ${JSON.stringify(claimName)} is being deleted`;
  return ephemeral ? foreignClaim(pod, claim) : undefined;
};

/** Tells the volume controllers which volume is for which claim, and on which node to make the missing ones. */
const write = async ({ bindings, provisions }: PodVolumes, nodeName: string, { client }: Acting): Promise<void> => {
  for (const { claim, volume } of bindings) {
    if (volume.spec?.claimRef?.uid === claim.metadata.uid) continue;
    await client.update<PersistentVolume>(persistentVolumes, promisedTo(volume, claim, boundByController));
  }
  for (const claim of provisions) {
    if (claim.metadata.annotations?.[selectedNodeAnnotation] === nodeName) continue;
    await client.update<PersistentVolumeClaim>(persistentVolumeClaims, withSelectedNode(claim, nodeName));
  }
};

/** How far the controllers are (checkBindings): bound, waiting, or why it will never be. */
const progress = ({ bindings, provisions }: PodVolumes, nodeName: string, cluster: Cluster): string => {
  let waiting = false;
  for (const { metadata } of [...bindings.map(({ claim }) => claim), ...provisions]) {
    const key = `${metadata.namespace ?? ""}/${metadata.name ?? ""}`;
    const claim = cluster.get("persistentvolumeclaims", key);
    if (!claim) return `pod does not exist any more: ${claimNotFound(metadata.name ?? "")}`;
    const isProvision = provisions.some((provision) => provision.metadata.uid === metadata.uid);
    if (isProvision && claim.metadata.annotations?.[selectedNodeAnnotation] !== nodeName && !isBound(claim))
      return `provisioning failed for PVC ${JSON.stringify(metadata.name)}`;
    if (!isBound(claim)) {
      waiting = true;
      continue;
    }
    const volume = cluster.get("persistentvolumes", claim.spec?.volumeName ?? "");
    const node = cluster.node(nodeName);
    if (volume && node && !isReachable(volume, node))
      return `pv ${JSON.stringify(volume.metadata.name)} node affinity doesn't match node ${JSON.stringify(nodeName)}: no matching NodeSelectorTerms`;
  }
  return waiting ? "waiting" : "bound";
};
