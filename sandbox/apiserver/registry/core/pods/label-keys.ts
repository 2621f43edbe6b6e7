import type { Pod, PodAffinityTerm } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { StrategyContext } from "../../strategy.ts";

interface KeyedTerm {
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
  labelSelector?: Draft<NonNullable<PodAffinityTerm["labelSelector"]>>;
}

type Labels = Readonly<Record<string, string>>;

/** Terms that name label keys of their pod select by the values that it has now (mutatePodAffinity, mutateTopologySpreadConstraints). */
export const mergeLabelKeys = ({ metadata, spec }: Draft<Pod>, { enabled }: Pick<StrategyContext, "enabled">): void => {
  const labels = metadata.labels ?? {};
  if (enabled("MatchLabelKeysInPodAffinity"))
    for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
      for (const { podAffinityTerm } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
        if (podAffinityTerm) merge(podAffinityTerm, labels);
      for (const term of affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) merge(term, labels);
    }
  if (enabled("MatchLabelKeysInPodTopologySpreadSelectorMerge"))
    for (const constraint of spec.topologySpreadConstraints ?? []) merge(constraint, labels);
};

const merge = ({ matchLabelKeys, mismatchLabelKeys, labelSelector }: KeyedTerm, labels: Labels): void => {
  if (!labelSelector) return;
  const add = (keys: readonly string[] | undefined, operator: string): void => {
    for (const key of keys ?? [])
      if (Object.hasOwn(labels, key)) (labelSelector.matchExpressions ??= []).push({ key, operator, values: [labels[key]!] });
  };
  add(matchLabelKeys, "In");
  add(mismatchLabelKeys, "NotIn");
};
