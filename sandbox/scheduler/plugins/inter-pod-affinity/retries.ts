import type { Node, Pod } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { ClusterEvent, ClusterEventHint } from "../../framework/events.ts";
import { PodInfo } from "../../framework/pod-info.ts";
import { matchesAll } from "./affinity-tally.ts";

const infos = new WeakMap<object, PodInfo>();

/** One event is held against many waiting pods. */
const infoOf = (object: ClusterEvent["after"]): PodInfo | undefined => {
  if (!object) return undefined;
  let info = infos.get(object);
  if (!info) infos.set(object, (info = new PodInfo(object as Pod)));
  return info;
};

/** A pod that comes to match helps affinity, one that ceases to helps anti-affinity, in either direction. */
const podHelps = (pod: PodInfo, { before, after }: ClusterEvent, cluster: Cluster): boolean => {
  const [was, is] = [infoOf(before), infoOf(after)];
  const either = is ?? was;
  if (!either) return true;
  if (either.uid === pod.uid) return true;
  const theirs = cluster.namespaceLabels(either.namespace);
  const wanted = (other: PodInfo | undefined): boolean => other !== undefined && matchesAll(pod.requiredAffinity, other, theirs);
  const unwanted = (other: PodInfo | undefined): boolean =>
    other !== undefined && pod.requiredAntiAffinity.some((term) => term.matches(other, theirs));
  const refuses = (other: PodInfo | undefined): boolean =>
    other !== undefined && other.requiredAntiAffinity.some((term) => term.matches(pod, cluster.namespaceLabels(pod.namespace)));
  return (wanted(is) && !wanted(was)) || (unwanted(was) && !unwanted(is)) || (!is && refuses(was));
};

/** A node may help when it has the topology labels that the pod's affinity needs, or that its anti-affinity avoids. */
const nodeHelps = (pod: PodInfo, { before, after }: ClusterEvent): boolean => {
  const [was, is] = [(before as Node | undefined)?.metadata.labels, (after as Node | undefined)?.metadata.labels ?? {}];
  const changed = (key: string): boolean => !was || was[key] !== is[key];
  if (pod.requiredAffinity.length > 0 && pod.requiredAffinity.every(({ topologyKey }) => is[topologyKey] !== undefined))
    if (pod.requiredAffinity.some(({ topologyKey }) => changed(topologyKey))) return true;
  if (pod.requiredAntiAffinity.some(({ topologyKey }) => changed(topologyKey))) return true;
  // Turned away by another pod's anti-affinity, whose labels this event does not tell.
  return pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0;
};

/** What may help a pod that affinity turned away (InterPodAffinity.EventsToRegister). */
export const affinityRetries: readonly ClusterEventHint[] = [
  { kind: "assigned-pod/added", helps: podHelps },
  { kind: "assigned-pod/deleted", helps: podHelps },
  { kind: "assigned-pod/labels-changed", helps: podHelps },
  { kind: "pod/labels-changed", helps: podHelps },
  { kind: "node/added", helps: nodeHelps },
  { kind: "node/labels-changed", helps: nodeHelps },
  { kind: "node/taints-changed" },
];
