import type { Container, Node, Pod } from "../../api/types.ts";
import type { ClusterEventKind } from "../framework/events.ts";
import { podRequests } from "../framework/pod-requests.ts";

/** Whether two JSON values are the same. */
export const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** What of a node changed that could let a pod in (nodeSchedulingPropertiesChange). */
export const nodeChanges = (before: Node, after: Node): ClusterEventKind[] => {
  const kinds: ClusterEventKind[] = [];
  if (before.spec?.unschedulable !== after.spec?.unschedulable || !same(before.spec?.taints, after.spec?.taints))
    kinds.push("node/taints-changed");
  if (!same(before.status?.allocatable, after.status?.allocatable)) kinds.push("node/allocatable-changed");
  if (!same(before.metadata.labels, after.metadata.labels)) kinds.push("node/labels-changed");
  if (!same(conditionStates(before), conditionStates(after))) kinds.push("node/conditions-changed");
  if (!same(before.metadata.annotations, after.metadata.annotations)) kinds.push("node/annotations-changed");
  return kinds;
};

/** Without times: heartbeats change nothing. */
const conditionStates = ({ status }: Node): unknown => (status?.conditions ?? []).map(({ type, status: state }) => [type, state]);

const isScaledDown = (before: Pod, after: Pod): boolean => {
  const [was, is] = [podRequests(before), podRequests(after)];
  return (
    is.milliCPU < was.milliCPU ||
    is.memory < was.memory ||
    is.ephemeralStorage < was.ephemeralStorage ||
    [...was.scalar].some(([name, amount]) => (is.scalar.get(name) ?? 0) < amount)
  );
};

const resourcesOf = ({ spec }: Pod): unknown => {
  const ofContainers = (containers: readonly Container[] | undefined): unknown => containers?.map(({ resources }) => resources);
  return [ofContainers(spec?.containers), ofContainers(spec?.initContainers), spec?.resources];
};

const allotmentsOf = ({ status }: Pod): unknown =>
  (status?.containerStatuses ?? []).map(({ resources, allocatedResources }) => [resources?.requests, allocatedResources]);

/** Whether a pod takes of its node what it took before. Most writes leave the parts that say so as they are. */
const takesTheSame = (before: Pod, after: Pod): boolean => {
  const [was, is] = [before.spec, after.spec];
  const asksTheSame =
    was === is ||
    (was?.containers === is?.containers && was?.initContainers === is?.initContainers && was?.resources === is?.resources) ||
    same(resourcesOf(before), resourcesOf(after));
  if (!asksTheSame || before.status?.resize !== after.status?.resize) return false;
  return before.status?.containerStatuses === after.status?.containerStatuses || same(allotmentsOf(before), allotmentsOf(after));
};

/** What of a pod changed that could matter (podSchedulingPropertiesChange); the kinds are told apart by whether it has a node. */
export const podChanges = (
  before: Pod,
  after: Pod,
): ("labels-changed" | "scaled-down" | "gates-eliminated" | "tolerations-changed" | "claims-generated")[] => {
  const kinds: ReturnType<typeof podChanges> = [];
  if (!same(before.metadata.labels, after.metadata.labels)) kinds.push("labels-changed");
  if (!takesTheSame(before, after) && isScaledDown(before, after)) kinds.push("scaled-down");
  if (!same(before.status?.resourceClaimStatuses, after.status?.resourceClaimStatuses)) kinds.push("claims-generated");
  if (before.spec === after.spec) return kinds;
  if (before.spec?.schedulingGates?.length && !after.spec?.schedulingGates?.length) kinds.push("gates-eliminated");
  if (!same(before.spec?.tolerations, after.spec?.tolerations)) kinds.push("tolerations-changed");
  return kinds;
};

/** Whether a placed pod still counts for other pods as it did. */
export const countsTheSame = (before: Pod, after: Pod): boolean =>
  before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
  same(before.metadata.labels, after.metadata.labels) &&
  takesTheSame(before, after);
