import type { AnyObject } from "../../../../apimachinery/meta/types.ts";

/**
 * autoscaling/v1 knows one metric, the processors' use in percent. What else a stored (v2) object holds travels in annotations, so that a v1 client that
 * writes back what it read loses nothing (Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler and back).
 */
const annotations = {
  metrics: "autoscaling.alpha.kubernetes.io/metrics",
  currentMetrics: "autoscaling.alpha.kubernetes.io/current-metrics",
  conditions: "autoscaling.alpha.kubernetes.io/conditions",
  behavior: "autoscaling.alpha.kubernetes.io/behavior",
} as const;

interface Target {
  readonly type?: string;
  readonly averageUtilization?: number;
  readonly averageValue?: string;
  readonly value?: string;
}

interface MetricSource {
  readonly name?: string;
  readonly container?: string;
  readonly describedObject?: unknown;
  readonly metric?: { readonly name?: string; readonly selector?: unknown };
  readonly target?: Target;
  readonly current?: Target;
}

type Metric = { readonly type: string } & Readonly<Record<string, unknown>>;

interface Spec {
  readonly metrics?: readonly Metric[];
  readonly behavior?: unknown;
  readonly targetCPUUtilizationPercentage?: number;
}

interface Status {
  readonly currentMetrics?: readonly Metric[] | null;
  readonly conditions?: unknown;
  readonly currentCPUUtilizationPercentage?: number;
}

export const scalerFromV2 = (object: AnyObject): AnyObject => {
  const { metrics = [], behavior, ...spec } = (object.spec ?? {}) as Spec;
  const { currentMetrics, conditions, ...status } = (object.status ?? {}) as Status;
  const target = metrics.find((metric) => isProcessorUse(metric, "target"));
  const current = currentMetrics?.find((metric) => isProcessorUse(metric, "current"));
  const others = metrics.filter((metric) => metric !== target);
  const carried = {
    ...(others.length > 0 && { [annotations.metrics]: JSON.stringify(others.map((metric) => flattened(metric, "target"))) }),
    ...(currentMetrics &&
      currentMetrics.length > 0 && {
        [annotations.currentMetrics]: JSON.stringify(currentMetrics.map((metric) => flattened(metric, "current"))),
      }),
    ...(Array.isArray(conditions) && conditions.length > 0 && { [annotations.conditions]: JSON.stringify(conditions) }),
    ...(behavior !== undefined && { [annotations.behavior]: JSON.stringify(behavior) }),
  };
  const own = { ...object.metadata.annotations, ...carried };
  const percentage = target && sourceOf(target).target?.averageUtilization;
  const used = current && sourceOf(current).current?.averageUtilization;
  return {
    ...object,
    apiVersion: "autoscaling/v1",
    metadata: { ...object.metadata, ...(Object.keys(own).length > 0 && { annotations: own }) },
    spec: { ...spec, ...(percentage !== undefined && { targetCPUUtilizationPercentage: percentage }) },
    status: { ...status, ...(used !== undefined && { currentCPUUtilizationPercentage: used }) },
  };
};

export const scalerToV2 = (object: AnyObject): AnyObject => {
  const { targetCPUUtilizationPercentage: percentage, ...spec } = (object.spec ?? {}) as Spec;
  const { currentCPUUtilizationPercentage: used, ...status } = (object.status ?? {}) as Status;
  const { annotations: given = {}, ...metadata } = object.metadata;
  const others = carriedIn(given, annotations.metrics) as readonly Metric[] | undefined;
  const known = carriedIn(given, annotations.currentMetrics) as readonly Metric[] | undefined;
  const conditions = carriedIn(given, annotations.conditions);
  const behavior = carriedIn(given, annotations.behavior);
  const metrics = [
    ...(percentage === undefined
      ? []
      : [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: percentage } } }]),
    ...(others ?? []).map((metric) => nested(metric, "target")),
  ];
  const currentMetrics = known
    ? known.map((metric) => nested(metric, "current"))
    : used === undefined
      ? undefined
      : [{ type: "Resource", resource: { name: "cpu", current: { averageUtilization: used } } }];
  const names: readonly string[] = Object.values(annotations);
  const kept = Object.fromEntries(Object.entries(given).filter(([key]) => !names.includes(key)));
  return {
    ...object,
    apiVersion: "autoscaling/v2",
    metadata: { ...metadata, ...(Object.keys(kept).length > 0 && { annotations: kept }) },
    spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(behavior !== undefined && { behavior }) },
    status: { ...status, ...(currentMetrics && { currentMetrics }), ...(conditions !== undefined && { conditions }) },
  };
};

const memberOf = ({ type }: Metric): string => type.charAt(0).toLowerCase() + type.slice(1);

const sourceOf = (metric: Metric): MetricSource => metric[memberOf(metric)] ?? {};

const isProcessorUse = (metric: Metric, side: "target" | "current"): boolean => {
  const { name, [side]: amount } = sourceOf(metric);
  return metric.type === "Resource" && name === "cpu" && amount?.averageUtilization !== undefined;
};

const prefixed = {
  target: ["targetAverageUtilization", "targetAverageValue", "targetValue"],
  current: ["currentAverageUtilization", "currentAverageValue", "currentValue"],
} as const;

/** A metric in the form of the first alphas, which the annotations have kept: amounts beside the names. */
const flattened = (metric: Metric, side: "target" | "current"): Metric => {
  const { metric: identifier, describedObject, [side]: amount = {}, name, container } = sourceOf(metric);
  const [utilization, average, value] = prefixed[side];
  const source = {
    ...(name !== undefined && { name }),
    ...(container !== undefined && { container }),
    ...(describedObject !== undefined && { target: describedObject }),
    ...(identifier && {
      metricName: identifier.name,
      ...(identifier.selector !== undefined && { [metric.type === "External" ? "metricSelector" : "selector"]: identifier.selector }),
    }),
    ...(amount.averageUtilization !== undefined && { [utilization]: amount.averageUtilization }),
    ...(amount.averageValue !== undefined && { [metric.type === "Object" ? "averageValue" : average]: amount.averageValue }),
    ...(amount.value !== undefined && { [value]: amount.value }),
  };
  return { type: metric.type, [memberOf(metric)]: source };
};

const nested = (metric: Metric, side: "target" | "current"): Metric => {
  const flat = (metric[memberOf(metric)] ?? {}) as Readonly<Record<string, unknown>>;
  const [utilization, average, value] = prefixed[side];
  const averageUtilization = flat[utilization];
  const averageValue = flat[average] ?? flat.averageValue;
  const whole = averageUtilization === undefined && averageValue === undefined ? flat[value] : undefined;
  const amount = {
    ...(side === "target" && {
      type: averageUtilization !== undefined ? "Utilization" : averageValue !== undefined ? "AverageValue" : "Value",
    }),
    ...(averageUtilization !== undefined && { averageUtilization }),
    ...(averageValue !== undefined && { averageValue }),
    ...(whole !== undefined && { value: whole }),
  };
  const selector = flat.selector ?? flat.metricSelector;
  const source = {
    ...(flat.name !== undefined && { name: flat.name }),
    ...(flat.container !== undefined && { container: flat.container }),
    ...(flat.target !== undefined && { describedObject: flat.target }),
    ...(flat.metricName !== undefined && { metric: { name: flat.metricName, ...(selector !== undefined && { selector }) } }),
    [side]: amount,
  };
  return { type: metric.type, [memberOf(metric)]: source };
};

/** What an annotation carries; nothing where it is no JSON, as upstream ignores what users broke. */
const carriedIn = (given: Readonly<Record<string, string>>, name: string): unknown => {
  const text = given[name];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
