import type { Node, Pod } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { ClusterEvent, ClusterEventHint } from "../../framework/events.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { constraintsOf, type Constraint, type DefaultConstraint } from "./constraints.ts";

const hasAll = (constraints: readonly Constraint[], node: Node | undefined): boolean =>
  constraints.every(({ topologyKey }) => node?.metadata.labels?.[topologyKey] !== undefined);

const domainsOf = (constraints: readonly Constraint[], node: Node | undefined): string =>
  JSON.stringify(constraints.map(({ topologyKey }) => node?.metadata.labels?.[topologyKey]));

/** What may help a pod that would have been skewed (PodTopologySpread.EventsToRegister). */
export const spreadRetries = (defaults: readonly DefaultConstraint[]): readonly ClusterEventHint[] => {
  const hard = (pod: PodInfo, cluster: Cluster): readonly Constraint[] => constraintsOf(pod, "DoNotSchedule", defaults, cluster);

  const podHelps = (pod: PodInfo, { before, after }: ClusterEvent, cluster: Cluster): boolean => {
    const [was, is] = [before as Pod | undefined, after as Pod | undefined];
    if ((is ?? was)?.metadata.uid === pod.uid) return true;
    if ((is ?? was)?.metadata.namespace !== pod.namespace) return false;
    const constraints = hard(pod, cluster);
    const chosen = (other: Pod | undefined): string =>
      JSON.stringify(constraints.map(({ selector }) => selector.matches(other?.metadata.labels)));
    if (was && is) return chosen(was) !== chosen(is);
    return constraints.some(({ selector }) => selector.matches((is ?? was)?.metadata.labels));
  };
  const nodeHelps = (pod: PodInfo, { before, after }: ClusterEvent, cluster: Cluster): boolean => {
    const constraints = hard(pod, cluster);
    const [was, is] = [before as Node | undefined, after as Node | undefined];
    if (!was || !is) return hasAll(constraints, is ?? was);
    const [had, has] = [hasAll(constraints, was), hasAll(constraints, is)];
    return had !== has || (had && has && domainsOf(constraints, was) !== domainsOf(constraints, is));
  };
  return [
    { kind: "assigned-pod/added", helps: podHelps },
    { kind: "assigned-pod/deleted", helps: podHelps },
    { kind: "assigned-pod/labels-changed", helps: podHelps },
    { kind: "pod/labels-changed", helps: podHelps },
    { kind: "node/added", helps: nodeHelps },
    { kind: "node/deleted", helps: nodeHelps },
    { kind: "node/labels-changed", helps: nodeHelps },
    { kind: "node/taints-changed" },
    { kind: "pod/tolerations-changed" },
  ];
};
