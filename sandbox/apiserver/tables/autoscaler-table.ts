import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus, MetricTarget, MetricValueStatus } from "../../api/types.ts";
import { ageColumn, nameColumn, string, table } from "./columns.ts";

/** One metric: `current/target`, as the autoscaler last saw it. */
const metricText = (spec: MetricSpec, status: MetricStatus | undefined): string => {
  switch (spec.type) {
    case "External":
      return plainText(spec.external?.target, status?.external?.current);
    case "Pods":
      return `${status?.pods?.current.averageValue ?? "<unknown>"}/${spec.pods?.target.averageValue ?? ""}`;
    case "Object":
      return plainText(spec.object?.target, status?.object?.current);
    case "Resource":
      return `${spec.resource?.name ?? ""}: ${resourceText(spec.resource?.target, status?.resource?.current)}`;
    case "ContainerResource":
      return `${spec.containerResource?.name ?? ""}: ${resourceText(spec.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return "<unknown type>";
  }
};

const plainText = (target: MetricTarget | undefined, current: MetricValueStatus | undefined): string =>
  target?.averageValue !== undefined
    ? `${current?.averageValue ?? "<unknown>"}/${target.averageValue} (avg)`
    : `${current?.value ?? "<unknown>"}/${target?.value ?? ""}`;

const resourceText = (target: MetricTarget | undefined, current: MetricValueStatus | undefined): string => {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? "<unknown>"}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? "<unknown>" : `${current.averageUtilization}%`;
  return `${now}/${target?.averageUtilization === undefined ? "<auto>" : `${target.averageUtilization}%`}`;
};

/** Two metrics at most. */
const targetsText = ({ spec, status }: HorizontalPodAutoscaler): string => {
  const metrics = (spec?.metrics ?? []).map((metric, index) => metricText(metric, status?.currentMetrics?.[index]));
  if (metrics.length === 0) return "<none>";
  const shown = metrics.slice(0, 2).join(", ");
  return metrics.length > 2 ? `${shown} + ${metrics.length - 2} more...` : shown;
};

export const horizontalPodAutoscalerTable = table<HorizontalPodAutoscaler>([
  nameColumn(),
  string(
    "Reference",
    "@autoscaling.v2.HorizontalPodAutoscalerSpec.scaleTargetRef",
    ({ spec }) => `${spec?.scaleTargetRef.kind ?? ""}/${spec?.scaleTargetRef.name ?? ""}`,
  ),
  string(
    "Targets",
    "metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used).  The desired replica count is calculated multiplying the ratio between the target value and the current value by the current number of pods.  Ergo, metrics used must decrease as the pod count is increased, and vice-versa.  See the individual metric source types for more information about how each type of metric must respond.",
    targetsText,
  ),
  string("MinPods", "@autoscaling.v2.HorizontalPodAutoscalerSpec.minReplicas", ({ spec }) =>
    spec?.minReplicas === undefined ? "<unset>" : String(spec.minReplicas),
  ),
  string("MaxPods", "@autoscaling.v2.HorizontalPodAutoscalerSpec.maxReplicas", ({ spec }) => spec?.maxReplicas ?? 0),
  string("Replicas", "@autoscaling.v2.HorizontalPodAutoscalerStatus.currentReplicas", ({ status }) => status?.currentReplicas ?? 0),
  ageColumn(),
]);
