import type { Labels } from "../../../apimachinery/labels/selector.ts";
import type { Cluster } from "../../framework/cluster.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import type { Tally } from "../../framework/plugin.ts";
import type { AffinityTerm, PodInfo } from "../../framework/pod-info.ts";
import { Contributions, PairCounts } from "./pair-counts.ts";
import { labelOf } from "../../framework/label-of.ts";

/** Whether a pod is meant by every term. */
export const matchesAll = (terms: readonly AffinityTerm[], pod: PodInfo, namespaceLabels: Labels): boolean =>
  terms.length > 0 && terms.every((term) => term.matches(pod, namespaceLabels));

/** Counts where there are pods that required terms speak of (preFilterState of InterPodAffinity). */
export class RequiredAffinityTally implements Tally {
  /** Existing pods whose anti-affinity refuses the incoming one. */
  readonly refusing = new PairCounts();
  /** Existing pods that the incoming pod's affinity terms all mean. */
  readonly wanted = new PairCounts();
  /** Existing pods that the incoming pod's anti-affinity means. */
  readonly unwanted = new PairCounts();
  readonly #pod: PodInfo;
  readonly #cluster: Cluster;
  readonly #contributions = new Contributions();

  constructor(pod: PodInfo, cluster: Cluster) {
    this.#pod = pod;
    this.#cluster = cluster;
  }

  update(slot: number, node: NodeInfo | undefined): void {
    this.#contributions.clear(slot);
    if (!node) return;
    const pod = this.#pod;
    const give = (counts: PairCounts, key: string): void => {
      const value = labelOf(node.labels, key);
      if (value !== undefined) this.#contributions.give(slot, counts, key, value, 1);
    };
    const podNamespace = this.#cluster.namespaceLabels(pod.namespace);
    for (const { requiredAntiAffinity } of node.podsWithRequiredAntiAffinity)
      for (const term of requiredAntiAffinity) if (term.matches(pod, podNamespace)) give(this.refusing, term.topologyKey);

    if (pod.requiredAffinity.length === 0 && pod.requiredAntiAffinity.length === 0) return;
    for (const existing of node.pods) {
      const namespace = this.#cluster.namespaceLabels(existing.namespace);
      if (matchesAll(pod.requiredAffinity, existing, namespace))
        for (const { topologyKey } of pod.requiredAffinity) give(this.wanted, topologyKey);
      for (const term of pod.requiredAntiAffinity) if (term.matches(existing, namespace)) give(this.unwanted, term.topologyKey);
    }
  }
}

export interface PreferenceOptions {
  /** What another pod's required affinity to the incoming one counts for. */
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

/** Sums the weights of the terms that speak for and against each topology value (preScoreState of InterPodAffinity). */
export class PreferredAffinityTally implements Tally {
  readonly sums = new PairCounts();
  readonly #pod: PodInfo;
  readonly #cluster: Cluster;
  readonly #options: PreferenceOptions;
  readonly #contributions = new Contributions();

  constructor(pod: PodInfo, cluster: Cluster, options: PreferenceOptions) {
    this.#pod = pod;
    this.#cluster = cluster;
    this.#options = options;
  }

  update(slot: number, node: NodeInfo | undefined): void {
    this.#contributions.clear(slot);
    if (!node) return;
    const pod = this.#pod;
    const { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods } = this.#options;
    const podNamespace = this.#cluster.namespaceLabels(pod.namespace);
    const apply = (terms: readonly AffinityTerm[], other: PodInfo, namespace: Labels, sign: 1 | -1, weight?: number): void => {
      for (const term of terms) {
        const value = labelOf(node.labels, term.topologyKey);
        if (value === undefined || !term.matches(other, namespace)) continue;
        this.#contributions.give(slot, this.sums, term.topologyKey, value, sign * (weight ?? term.weight));
      }
    };
    const hasWishes = pod.preferredAffinity.length > 0 || pod.preferredAntiAffinity.length > 0;
    for (const existing of hasWishes ? node.pods : node.podsWithAffinity) {
      const namespace = this.#cluster.namespaceLabels(existing.namespace);
      apply(pod.preferredAffinity, existing, namespace, 1);
      apply(pod.preferredAntiAffinity, existing, namespace, -1);
      if (hardPodAffinityWeight > 0) apply(existing.requiredAffinity, pod, podNamespace, 1, hardPodAffinityWeight);
      if (ignorePreferredTermsOfExistingPods) continue;
      apply(existing.preferredAffinity, pod, podNamespace, 1);
      apply(existing.preferredAntiAffinity, pod, podNamespace, -1);
    }
  }
}
