import type { Node, Pod } from "../../api/types.ts";
import type { ClusterEvent, ClusterEventHint } from "../framework/events.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import { podRequests } from "../framework/pod-requests.ts";
import { amountOf, resourcesOf, valueOf, type ResourceList, type Resources } from "../framework/resources.ts";

/** Whether a pod asks for anything that is among these amounts. */
const asksForAnyOf = ({ requests }: PodInfo, freed: Resources): boolean =>
  (requests.milliCPU > 0 && freed.milliCPU > 0) ||
  (requests.memory > 0 && freed.memory > 0) ||
  (requests.ephemeralStorage > 0 && freed.ephemeralStorage > 0) ||
  [...requests.scalar].some(([name, amount]) => amount > 0 && amountOf(freed, name) > 0);

const fits = ({ requests }: PodInfo, allocatable: Resources): boolean =>
  requests.milliCPU <= allocatable.milliCPU &&
  requests.memory <= allocatable.memory &&
  requests.ephemeralStorage <= allocatable.ephemeralStorage &&
  [...requests.scalar].every(([name, amount]) => amount <= amountOf(allocatable, name));

const allocatableOf = (node: Node | undefined): ResourceList | undefined => node?.status?.allocatable;

/** A node helps when the pod would fit it empty, and, if it was there before, when it offers more of what the pod asks for. */
const nodeHelps = (pod: PodInfo, { before, after }: ClusterEvent): boolean => {
  const [previous, next] = [allocatableOf(before as Node | undefined), allocatableOf(after as Node | undefined)];
  const now = resourcesOf(next);
  if (!fits(pod, now) || valueOf(next?.["pods"] ?? 0) < 1) return false;
  if (!before) return true;
  const then = resourcesOf(previous);
  if (valueOf(next?.["pods"] ?? 0) > valueOf(previous?.["pods"] ?? 0)) return true;
  return ["cpu", "memory", "ephemeral-storage", ...now.scalar.keys()].some(
    (name) => amountOf(pod.requests, name) > 0 && amountOf(now, name) > amountOf(then, name),
  );
};

/** What may help a pod that found too little of something (Fit.EventsToRegister). */
export const fitRetries: readonly ClusterEventHint[] = [
  // Its place among the node's pods is freed in any case.
  { kind: "assigned-pod/deleted" },
  { kind: "assigned-pod/scaled-down", helps: (pod, { before }) => asksForAnyOf(pod, podRequests(before as Pod)) },
  { kind: "pod/scaled-down", helps: (pod, { after }) => after?.metadata.uid === pod.uid },
  { kind: "node/added", helps: nodeHelps },
  { kind: "node/allocatable-changed", helps: nodeHelps },
];
