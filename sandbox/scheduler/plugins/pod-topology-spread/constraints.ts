import type { LabelSelector } from "../../../apimachinery/labels/label-selector.ts";
import { selectorOf } from "../../../apimachinery/labels/label-selector.ts";
import { nothing, requirement, Selector, SelectorError, type Requirement } from "../../../apimachinery/labels/selector.ts";
import type { TopologySpreadConstraint } from "../../../api/types.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { nodeAffinityKey, requiredNodeAffinityOf } from "../../framework/node-selector.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { repellingTaint } from "../../framework/taints.ts";
import { defaultSelector } from "./default-selector.ts";

/** A constraint without a selector, as profiles configure them. */
export interface DefaultConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: string;
}

export interface Constraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly selector: Selector;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/** PodTopologySpread's constraints for clusters that configure none. */
export const systemDefaultConstraints: readonly DefaultConstraint[] = [
  { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 5 },
];

export type WhenUnsatisfiable = "DoNotSchedule" | "ScheduleAnyway";

const noConstraints: readonly Constraint[] = [];

/** The constraints of one severity that hold for a pod: its own, or else the defaults with the selector of its owners. */
export const constraintsOf = (
  pod: PodInfo,
  severity: WhenUnsatisfiable,
  defaults: readonly DefaultConstraint[],
  cluster: Cluster,
): readonly Constraint[] => {
  const own = pod.pod.spec?.topologySpreadConstraints;
  if (own?.length) {
    const chosen = own.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === severity);
    return chosen.length > 0 ? chosen.map((constraint) => constraintOf(constraint, pod)) : noConstraints;
  }
  const chosen = defaults.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === severity);
  if (chosen.length === 0) return noConstraints;
  const selector = defaultSelector(pod, cluster);
  if (selector.isEmpty()) return noConstraints;
  return chosen.map(({ maxSkew, topologyKey }) => ({
    maxSkew,
    topologyKey,
    minDomains: 1,
    selector,
    honorsAffinity: true,
    honorsTaints: false,
  }));
};

const constraintOf = (constraint: TopologySpreadConstraint, { labels }: PodInfo): Constraint => ({
  maxSkew: constraint.maxSkew,
  topologyKey: constraint.topologyKey,
  minDomains: constraint.minDomains ?? 1,
  selector: withLabelKeys(constraint.labelSelector, constraint.matchLabelKeys ?? [], labels),
  honorsAffinity: (constraint.nodeAffinityPolicy ?? "Honor") === "Honor",
  honorsTaints: constraint.nodeTaintsPolicy === "Honor",
});

/** The selector, and that the values of these labels are the pod's own. */
const withLabelKeys = (labelSelector: LabelSelector | undefined, keys: readonly string[], labels: PodInfo["labels"]): Selector => {
  try {
    const selector = selectorOf(labelSelector);
    const own: Requirement[] = [];
    for (const key of keys) if (Object.hasOwn(labels, key)) own.push(requirement(key, "in", [labels[key]!]));
    return own.length > 0 && selector !== nothing ? new Selector([...selector.requirements, ...own]) : selector;
  } catch (error) {
    if (error instanceof SelectorError) return nothing;
    throw error;
  }
};

/** Whether the pods of a node count for a constraint (matchNodeInclusionPolicies). */
export const inclusionOf = (pod: PodInfo): ((constraint: Constraint, node: NodeInfo) => boolean) => {
  const matchesAffinity = requiredNodeAffinityOf(pod.pod);
  return ({ honorsAffinity, honorsTaints }, node) =>
    (!honorsAffinity || matchesAffinity(node)) && (!honorsTaints || repellingTaint(node.taints, pod.tolerations) === undefined);
};

/** Everything that the counts of these constraints depend on besides nodes, as text. */
export const constraintsKey = (constraints: readonly Constraint[], pod: PodInfo): string => {
  let key = `${pod.namespace}\0${nodeAffinityKey(pod.pod)}`;
  for (const { topologyKey, maxSkew, minDomains, selector, honorsAffinity, honorsTaints } of constraints)
    key += `\0${topologyKey} ${String(maxSkew)} ${String(minDomains)} ${String(honorsAffinity)} ${selector === nothing ? "-" : selector.toString()} ${honorsTaints ? JSON.stringify(pod.tolerations) : ""}`;
  return key;
};

/** How many pods of a namespace on this node a selector chooses; those on their way out do not count. */
export const countMatching = ({ pods }: NodeInfo, selector: Selector, namespace: string): number => {
  // Upstream's countPodsMatchSelector: an empty selector counts nothing.
  if (selector.isEmpty()) return 0;
  let count = 0;
  for (const pod of pods)
    if (pod.namespace === namespace && pod.pod.metadata.deletionTimestamp === undefined && selector.matches(pod.labels)) count++;
  return count;
};
