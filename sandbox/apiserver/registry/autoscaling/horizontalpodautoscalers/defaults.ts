import type { HorizontalPodAutoscaler, HPAScalingRules } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";

/** Half of what there is may be added in fifteen seconds, or four pods: whatever is more. */
const scaleUp = (): Draft<HPAScalingRules> => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
});

const scaleDown = (): Draft<HPAScalingRules> => ({ selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] });

const filled = (rules: Draft<HPAScalingRules> | undefined, defaults: Draft<HPAScalingRules>): Draft<HPAScalingRules> => {
  if (!rules) return defaults;
  rules.selectPolicy ??= defaults.selectPolicy;
  if (rules.stabilizationWindowSeconds === undefined && defaults.stabilizationWindowSeconds !== undefined)
    rules.stabilizationWindowSeconds = defaults.stabilizationWindowSeconds;
  rules.policies ??= defaults.policies;
  return rules;
};

/** SetDefaults_HorizontalPodAutoscaler: without a metric, four fifths of the cpu that pods ask for. */
export const setAutoscalerDefaults = (draft: Draft<HorizontalPodAutoscaler>): void => {
  const spec = (draft.spec ??= { maxReplicas: 0, scaleTargetRef: { kind: "", name: "" } });
  spec.minReplicas ??= 1;
  if (!spec.metrics?.length)
    spec.metrics = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }];
  if (!spec.behavior) return;
  spec.behavior.scaleUp = filled(spec.behavior.scaleUp, scaleUp());
  spec.behavior.scaleDown = filled(spec.behavior.scaleDown, scaleDown());
};
