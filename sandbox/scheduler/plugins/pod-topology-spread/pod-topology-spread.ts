import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { maxNodeScore, type Plugin } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { unresolvable, unschedulable, type Verdict } from "../../framework/rejection.ts";
import { constraintsKey, constraintsOf, systemDefaultConstraints, type DefaultConstraint, type WhenUnsatisfiable } from "./constraints.ts";
import { spreadRetries } from "./retries.ts";
import { SpreadTally } from "./spread-tally.ts";
import { labelOf } from "../../framework/label-of.ts";

/** PodTopologySpreadArgs. */
export interface PodTopologySpreadArgs {
  readonly defaultConstraints?: readonly DefaultConstraint[];
  readonly defaultingType: "System" | "List";
}

const name = "PodTopologySpread";
const hostname = "kubernetes.io/hostname";
const tooSkewed = unschedulable(name, "node(s) didn't match pod topology spread constraints");
const lacksLabel = unresolvable(name, "node(s) didn't match pod topology spread constraints (missing required label)");

interface FilterState {
  readonly tally: SpreadTally;
  /** By constraint: 1 when the pod itself would be counted. */
  readonly selves: readonly number[];
}

interface ScoreState {
  readonly tally: SpreadTally;
  /** What a pod in a domain counts for, by constraint: more where there are many domains. */
  readonly weights: readonly number[];
  readonly requireAll: boolean;
}

/** Spreads the pods that a selector chooses evenly over the values of a topology label. */
export const podTopologySpread = ({ defaultingType, defaultConstraints }: PodTopologySpreadArgs): Plugin => {
  const defaults = defaultingType === "System" ? systemDefaultConstraints : (defaultConstraints ?? []);
  const isSystemDefault = (pod: PodInfo): boolean => !pod.pod.spec?.topologySpreadConstraints?.length && defaultingType === "System";

  const key = (pod: PodInfo, cluster: Cluster, severity: WhenUnsatisfiable): string | undefined => {
    const constraints = constraintsOf(pod, severity, defaults, cluster);
    return constraints.length > 0 ? constraintsKey(constraints, pod) : undefined;
  };

  const plugin: Plugin = {
    name,
    retryOn: spreadRetries(defaults),

    filterTally: {
      key: (pod, cluster) => key(pod, cluster, "DoNotSchedule"),
      create: (pod, cluster) => new SpreadTally(pod, constraintsOf(pod, "DoNotSchedule", defaults, cluster), true),
    },
    preFilter(pod, _cluster, given) {
      const tally = given as SpreadTally | undefined;
      if (!tally) return "skip";
      return {
        state: {
          tally,
          selves: tally.counts.map(({ constraint }) => (constraint.selector.matches(pod.labels) ? 1 : 0)),
        } satisfies FilterState,
      };
    },
    filter: (_pod, node, cycle) => verdictOf(node, cycle.stateOf(plugin) as FilterState),

    scoreTally: {
      key: (pod, cluster) => key(pod, cluster, "ScheduleAnyway"),
      create: (pod, cluster) => new SpreadTally(pod, constraintsOf(pod, "ScheduleAnyway", defaults, cluster), !isSystemDefault(pod)),
    },
    preScore(pod, feasible, cycle) {
      const tally = cycle.scoreTally(plugin) as SpreadTally | undefined;
      if (!tally) return "skip";
      const requireAll = !isSystemDefault(pod);
      cycle.setState(plugin, { tally, requireAll, weights: domainWeights(tally, feasible, requireAll) } satisfies ScoreState);
      return undefined;
    },
    score(_pod, node, cycle) {
      const { tally, weights, requireAll } = cycle.stateOf(plugin) as ScoreState;
      if (requireAll && tally.incomplete[node.slot]) return 0;
      let score = 0;
      for (let at = 0; at < tally.counts.length; at++) {
        const { constraint, podsAt, domains, domainAt } = tally.counts[at]!;
        const value = labelOf(node.labels, constraint.topologyKey);
        if (value === undefined) continue;
        const pods = constraint.topologyKey === hostname ? podsAt[node.slot]! : ((domainAt[node.slot] ?? domains.get(value))?.pods ?? 0);
        score += pods * weights[at]! + (constraint.maxSkew - 1);
      }
      return Math.round(score);
    },
    normalize(scores, feasible, cycle) {
      const { tally, requireAll } = cycle.stateOf(plugin) as ScoreState;
      const isIgnored = (at: number): boolean => requireAll && tally.incomplete[feasible[at]!.slot] === true;
      let min = Infinity;
      let max = 0;
      for (let at = 0; at < scores.length; at++) {
        if (isIgnored(at)) continue;
        min = Math.min(min, scores[at]!);
        max = Math.max(max, scores[at]!);
      }
      for (let at = 0; at < scores.length; at++)
        scores[at] = isIgnored(at) ? 0 : max === 0 ? maxNodeScore : Math.trunc((maxNodeScore * (max + min - scores[at]!)) / max);
    },
  };
  return plugin;
};

/** Holds when the pod would raise no domain above the least by more than `maxSkew`. */
const verdictOf = ({ slot, labels }: NodeInfo, { tally, selves }: FilterState): Verdict => {
  for (let at = 0; at < tally.counts.length; at++) {
    const counts = tally.counts[at]!;
    let pods = counts.domainAt[slot]?.pods;
    if (pods === undefined) {
      const value = labelOf(labels, counts.constraint.topologyKey);
      if (value === undefined) return lacksLabel;
      pods = counts.domains.get(value)?.pods ?? 0;
    }
    if (pods + selves[at]! - counts.least > counts.constraint.maxSkew) return tooSkewed;
  }
  return undefined;
};

/** The more domains the feasible nodes have, the heavier one weighs (topologyNormalizingWeight). */
const domainWeights = (tally: SpreadTally, feasible: readonly NodeInfo[], requireAll: boolean): number[] => {
  const pass = tally.nextPass();
  return tally.counts.map(({ constraint, domains }) => {
    let size = 0;
    let outside: Set<string> | undefined;
    for (const { slot, labels } of feasible) {
      if (requireAll && tally.incomplete[slot]) continue;
      if (constraint.topologyKey === hostname) {
        size++;
        continue;
      }
      const value = labelOf(labels, constraint.topologyKey) ?? "";
      const domain = domains.get(value);
      if (!domain) (outside ??= new Set()).add(value);
      else if (domain.seen !== pass) {
        domain.seen = pass;
        size++;
      }
    }
    return Math.log(size + (outside?.size ?? 0) + 2);
  });
};
