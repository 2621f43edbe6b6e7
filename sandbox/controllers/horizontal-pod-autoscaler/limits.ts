import type { HorizontalPodAutoscaler, HPAScalingRules } from "../../api/types.ts";

/** What was recommended or done before, as far back as anybody looks. */
export interface Past {
  readonly recommendations: readonly { readonly time: number; readonly replicas: number }[];
  readonly changes: readonly { readonly time: number; readonly by: number }[];
}

export interface Limited {
  readonly replicas: number;
  /** The conditions that say what held it: AbleToScale and ScalingLimited. */
  readonly able: readonly [reason: string, message: string];
  readonly limited: readonly [value: "True" | "False", reason: string, message: string];
}

/** The replicas that the autoscaler's rules let it go to from `current`, wanting `wanted`; `now` in milliseconds (normalizeDesiredReplicas). */
export const limit = (
  { spec }: HorizontalPodAutoscaler,
  past: Past,
  current: number,
  wanted: number,
  defaultWindowMs: number,
  now: number,
): Limited => {
  const { minReplicas = 1, maxReplicas, behavior } = spec;
  const windowOf = (rules: HPAScalingRules | undefined, fallback: number): number =>
    rules?.stabilizationWindowSeconds === undefined ? fallback : rules.stabilizationWindowSeconds * 1000;
  const recent = (ms: number): readonly number[] =>
    past.recommendations.filter(({ time }) => time > now - ms).map(({ replicas }) => replicas);
  const ceiling = Math.min(...recent(windowOf(behavior?.scaleUp, 0)), wanted);
  const floor = Math.max(...recent(windowOf(behavior?.scaleDown, defaultWindowMs)), wanted);
  const stable = Math.min(Math.max(current, ceiling), Math.max(floor, ceiling));
  const able: Limited["able"] =
    stable === wanted
      ? ["ReadyForNewScale", "recommended size matches current size"]
      : stable > wanted
        ? ["ScaleDownStabilized", "recent recommendations were higher than current one, applying the highest recent recommendation"]
        : ["ScaleUpStabilized", "recent recommendations were lower than current one, applying the lowest recent recommendation"];

  const most = behavior?.scaleUp ? highest(behavior.scaleUp, past, current, now) : Math.max(2 * current, 4);
  const least = behavior?.scaleDown ? lowest(behavior.scaleDown, past, current, now) : minReplicas;
  if (stable > Math.min(most, maxReplicas)) {
    return most < maxReplicas
      ? {
          replicas: Math.max(most, current),
          able,
          limited: ["True", "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"],
        }
      : {
          replicas: maxReplicas,
          able,
          limited: ["True", "TooManyReplicas", "the desired replica count is more than the maximum replica count"],
        };
  }
  if (stable < Math.max(least, minReplicas)) {
    return least > minReplicas
      ? {
          replicas: Math.min(least, current),
          able,
          limited: ["True", "ScaleDownLimit", "the desired replica count is decreasing faster than the maximum scale rate"],
        }
      : {
          replicas: minReplicas,
          able,
          limited: ["True", "TooFewReplicas", "the desired replica count is less than the minimum replica count"],
        };
  }
  return { replicas: stable, able, limited: ["False", "DesiredWithinRange", "the desired count is within the acceptable range"] };
};

const changed = ({ changes }: Past, seconds: number, now: number, sign: 1 | -1): number =>
  changes.filter(({ time, by }) => time > now - seconds * 1000 && by * sign > 0).reduce((sum, { by }) => sum + by * sign, 0);

const highest = ({ policies = [], selectPolicy }: HPAScalingRules, past: Past, current: number, now: number): number => {
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current - changed(past, periodSeconds, now, 1);
    return type === "Pods" ? start + value : Math.ceil(start * (1 + value / 100));
  });
  if (limits.length === 0) return Infinity;
  return selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
};

const lowest = ({ policies = [], selectPolicy }: HPAScalingRules, past: Past, current: number, now: number): number => {
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const start = current + changed(past, periodSeconds, now, -1);
    return type === "Pods" ? start - value : Math.floor(start * (1 - value / 100));
  });
  if (limits.length === 0) return 0;
  return selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
};
