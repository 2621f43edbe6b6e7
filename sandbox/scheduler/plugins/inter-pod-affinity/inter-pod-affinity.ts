import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { maxNodeScore, type Plugin } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { unresolvable, unschedulable, type Verdict } from "../../framework/rejection.ts";
import { matchesAll, PreferredAffinityTally, RequiredAffinityTally, type PreferenceOptions } from "./affinity-tally.ts";
import { affinityRetries } from "./retries.ts";
import { labelOf } from "../../framework/label-of.ts";

/** InterPodAffinityArgs. */
export type InterPodAffinityArgs = PreferenceOptions;

const name = "InterPodAffinity";
const affinityUnmet = unresolvable(name, "node(s) didn't match pod affinity rules");
const antiAffinityUnmet = unschedulable(name, "node(s) didn't match pod anti-affinity rules");
const refusedByExisting = unschedulable(name, "node(s) didn't satisfy existing pods anti-affinity rules");

/** All that the counts depend on of the pod: its own terms, and the labels by which other pods' terms may mean it. */
const keyOf = (pod: PodInfo, cluster: Cluster): string => {
  const { affinity } = pod.pod.spec ?? {};
  const terms = affinity?.podAffinity || affinity?.podAntiAffinity ? JSON.stringify([affinity.podAffinity, affinity.podAntiAffinity]) : "";
  let labels = "";
  for (const key of cluster.affinityLabelKeys) labels += `${key}=${labelOf(pod.labels, key) ?? "\n"},`;
  return `${String(cluster.namespacesVersion)}\0${pod.namespace}\0${labels}\0${terms}`;
};

/** Places pods near to, or far from, other pods. */
export const interPodAffinity = (args: InterPodAffinityArgs): Plugin => {
  const plugin: Plugin = {
    name,
    retryOn: affinityRetries,

    filterTally: {
      key: (pod, cluster) =>
        pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0 && cluster.nodesWithRequiredAntiAffinity.size === 0
          ? undefined
          : keyOf(pod, cluster),
      create: (pod, cluster) => new RequiredAffinityTally(pod, cluster),
    },
    preFilter(pod, _cluster, tally) {
      const idle = pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0;
      const refusing = (tally as RequiredAffinityTally | undefined)?.refusing.size ?? 0;
      return idle && refusing === 0 ? "skip" : undefined;
    },
    filter: (pod, node, cycle) => verdictOf(pod, node, cycle.filterTally(plugin) as RequiredAffinityTally, cycle.cluster),

    scoreTally: {
      key: (pod, cluster) => {
        const hasWishes = pod.preferredAffinity.length > 0 || pod.preferredAntiAffinity.length > 0;
        if (!hasWishes && (args.ignorePreferredTermsOfExistingPods || cluster.nodesWithAffinity.size === 0)) return undefined;
        return keyOf(pod, cluster);
      },
      create: (pod, cluster) => new PreferredAffinityTally(pod, cluster, args),
    },
    preScore(_pod, _feasible, cycle) {
      const tally = cycle.scoreTally(plugin) as PreferredAffinityTally | undefined;
      return !tally || tally.sums.size === 0 ? "skip" : undefined;
    },
    score(_pod, { labels }, cycle) {
      const { sums } = cycle.scoreTally(plugin) as PreferredAffinityTally;
      let score = 0;
      for (const [key, values] of sums.byKey) {
        const value = labelOf(labels, key);
        if (value !== undefined) score += values.get(value)?.sum ?? 0;
      }
      return score;
    },
    normalize(scores) {
      let min = Infinity;
      let max = -Infinity;
      for (const score of scores) {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      const range = max - min;
      for (let at = 0; at < scores.length; at++) scores[at] = range > 0 ? Math.trunc(maxNodeScore * ((scores[at]! - min) / range)) : 0;
    },
  };
  return plugin;
};

const verdictOf = (pod: PodInfo, { labels }: NodeInfo, tally: RequiredAffinityTally, cluster: Cluster): Verdict => {
  if (!satisfiesAffinity(pod, labels, tally, cluster)) return affinityUnmet;
  if (tally.unwanted.size > 0)
    for (const { topologyKey } of pod.requiredAntiAffinity) {
      const value = labelOf(labels, topologyKey);
      if (value !== undefined && tally.unwanted.sumOf(topologyKey, value) > 0) return antiAffinityUnmet;
    }
  if (tally.refusing.size > 0)
    for (const [topologyKey, values] of tally.refusing.byKey) {
      const value = labelOf(labels, topologyKey);
      if (value !== undefined && (values.get(value)?.sum ?? 0) > 0) return refusedByExisting;
    }
  return undefined;
};

/** The first pod of a group that only asks for its own kind may go anywhere, or none ever could. */
const satisfiesAffinity = (pod: PodInfo, labels: NodeInfo["labels"], { wanted }: RequiredAffinityTally, cluster: Cluster): boolean => {
  let found = true;
  for (const { topologyKey } of pod.requiredAffinity) {
    const value = labelOf(labels, topologyKey);
    if (value === undefined) return false;
    if (wanted.sumOf(topologyKey, value) <= 0) found = false;
  }
  return found || (wanted.size === 0 && matchesAll(pod.requiredAffinity, pod, cluster.namespaceLabels(pod.namespace)));
};
