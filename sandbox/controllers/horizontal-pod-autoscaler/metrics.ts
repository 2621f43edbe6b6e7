import { parseQuantity } from "../../apimachinery/quantity/parse.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { fromTime } from "../../base/clock/clock.ts";
import type { MetricSpec, MetricStatus, Pod } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { hasFailed, podCondition } from "../workloads/pods.ts";
import { wordsOf } from "../workloads/pod-control.ts";

interface PodMetrics extends KubeObject {
  readonly timestamp: string;
  readonly window: string;
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

const podMetrics: ResourceType<PodMetrics> = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  resource: "pods",
  kind: "PodMetrics",
  namespaced: true,
};

/** What one metric asks for. */
export interface Proposal {
  readonly replicas: number;
  /** As events and conditions name it: `cpu resource utilization (percentage of request)`. */
  readonly name: string;
  readonly status: MetricStatus;
}

/** Why a metric could not be had, with the reason that the condition gives. */
export class MetricError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The replicas that a metric asks for (computeReplicasForMetric). Throws MetricError. */
export const propose = async (
  context: Reconcile,
  metric: MetricSpec,
  pods: readonly Pod[],
  namespace: string,
  selector: string,
  current: number,
): Promise<Proposal> => {
  const source = metric.type === "Resource" ? metric.resource : metric.type === "ContainerResource" ? metric.containerResource : undefined;
  if (!source) {
    const kind = metric.type === "External" ? "external" : "custom";
    throw new MetricError(
      `FailedGet${metric.type}Metric`,
      `unable to fetch metrics from ${kind} metrics API: no known available metric versions found`,
    );
  }
  const container = metric.containerResource?.container;
  const failed = metric.type === "Resource" ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
  const usage = await usageOfPods(context, source.name, container, namespace, selector, failed);
  const groups = groupPods(context, pods, usage, source.name);
  const { averageUtilization, averageValue } = source.target;
  const values = groups.ready.map((pod) => usage.get(pod.metadata.name ?? "")!);
  const average = values.length === 0 ? 0 : Math.floor(values.reduce((sum, value) => sum + value, 0) / values.length);
  if (averageUtilization !== undefined) {
    const requests = new Map(pods.map((pod) => [pod.metadata.name ?? "", requestOf(pod, source.name, container, failed)]));
    const total = groups.ready.reduce((sum, pod) => sum + requests.get(pod.metadata.name ?? "")!, 0);
    if (total === 0) throw new MetricError(failed, `no metrics returned matched known pods`);
    const utilization = Math.floor((values.reduce((sum, value) => sum + value, 0) * 100) / total);
    const replicas = replicasFor(
      context,
      groups,
      (pod, value) => [value ?? 0, (requests.get(pod.metadata.name ?? "")! * averageUtilization) / 100],
      usage,
      current,
    );
    const shown = { current: { averageUtilization: utilization, averageValue: amount(average, source.name) }, name: source.name };
    return { replicas, name: metricName(source.name, container, "utilization (percentage of request)"), status: statusOf(metric, shown) };
  }
  const target = milli(averageValue ?? "0");
  const replicas = replicasFor(context, groups, (_pod, value) => [value ?? 0, target], usage, current);
  return {
    replicas,
    name: metricName(source.name, container, ""),
    status: statusOf(metric, { current: { averageValue: amount(average, source.name) }, name: source.name }),
  };
};

const metricName = (resource: string, container: string | undefined, rest: string): string => {
  const what = container === undefined ? `${resource} resource` : `${resource} container resource`;
  const of = container === undefined ? "" : ` of container ${container}`;
  return `${what}${rest && ` ${rest}`}${of}`;
};

const statusOf = (
  metric: MetricSpec,
  shown: { readonly name: string; readonly current: MetricStatus["resource"] extends infer _ ? object : never },
): MetricStatus =>
  metric.type === "Resource"
    ? { type: "Resource", resource: shown }
    : { type: "ContainerResource", containerResource: { ...shown, container: metric.containerResource!.container } };

const milli = (text: string): number => Number(parseQuantity(text).scaled(-3));

const amount = (value: number, resource: string): string => (resource === "cpu" ? `${value}m` : String(Math.floor(value / 1000)));

const usageOfPods = async (
  { client }: Reconcile,
  resource: string,
  container: string | undefined,
  namespace: string,
  labelSelector: string,
  reason: string,
): Promise<ReadonlyMap<string, number>> => {
  const unable = (why: string): MetricError => new MetricError(reason, `unable to get metrics for resource ${resource}: ${why}`);
  const { items } = await client.list(podMetrics, { namespace, labelSelector }).catch((error: unknown) => {
    throw unable(`unable to fetch metrics from resource metrics API: ${wordsOf(error)}`);
  });
  if (items.length === 0) throw unable("no metrics returned from resource metrics API");
  return new Map(
    items.flatMap(({ metadata, containers }) => {
      const amounts = containers.filter(({ name }) => container === undefined || name === container).map(({ usage }) => usage[resource]);
      return amounts.some((each) => each === undefined)
        ? []
        : [[metadata.name ?? "", amounts.reduce((sum, each) => sum + milli(each!), 0)]];
    }),
  );
};

const requestOf = ({ metadata, spec }: Pod, resource: string, container: string | undefined, reason: string): number => {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...spec.containers, ...sidecars]
    .filter(({ name }) => container === undefined || name === container)
    .reduce((sum, { name, resources }) => {
      const request = resources?.requests?.[resource];
      if (request === undefined)
        throw new MetricError(
          reason,
          `failed to get ${resource} utilization: missing request for ${resource} in container ${name} of Pod ${metadata.name ?? ""}`,
        );
      return sum + milli(request);
    }, 0);
};

interface Groups {
  readonly ready: readonly Pod[];
  readonly unready: readonly Pod[];
  readonly missing: readonly Pod[];
}

/** Pods by what their numbers are worth: those of a pod that just starts say nothing of CPU (groupPods). */
const groupPods = ({ clock, options }: Reconcile, pods: readonly Pod[], usage: ReadonlyMap<string, number>, resource: string): Groups => {
  const groups = { ready: [] as Pod[], unready: [] as Pod[], missing: [] as Pod[] };
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined || hasFailed(pod)) continue;
    if (pod.status?.phase === "Pending") groups.unready.push(pod);
    else if (!usage.has(pod.metadata.name ?? "")) groups.missing.push(pod);
    else if (
      resource === "cpu" &&
      isStarting(
        pod,
        clock.now(),
        options.horizontalPodAutoscalerCpuInitializationPeriodMs,
        options.horizontalPodAutoscalerInitialReadinessDelayMs,
      )
    )
      groups.unready.push(pod);
    else groups.ready.push(pod);
  }
  return groups;
};

const isStarting = (pod: Pod, now: number, periodMs: number, delayMs: number): boolean => {
  const ready = podCondition(pod, "Ready");
  const started = fromTime(pod.status?.startTime);
  if (!ready || started === undefined) return true;
  if (started + periodMs > now) return ready.status !== "True";
  return ready.status !== "True" && started + delayMs > (fromTime(ready.lastTransitionTime) ?? now);
};

/** In proportion to the usage; pods without numbers are taken to be at their target when scaling down, and idle when scaling up. */
const replicasFor = (
  { options }: Reconcile,
  { ready, unready, missing }: Groups,
  of: (pod: Pod, usage: number | undefined) => readonly [used: number, target: number],
  usage: ReadonlyMap<string, number>,
  current: number,
): number => {
  const ratioOf = (pairs: readonly (readonly [number, number])[]): number => {
    const target = pairs.reduce((sum, [, each]) => sum + each, 0);
    return target === 0 ? 0 : pairs.reduce((sum, [each]) => sum + each, 0) / target;
  };
  const pairs = ready.map((pod) => of(pod, usage.get(pod.metadata.name ?? "")));
  const ratio = ratioOf(pairs);
  const within = (value: number): boolean => Math.abs(1 - value) <= options.horizontalPodAutoscalerTolerance;
  const countsUnready = unready.length > 0 && ratio > 1;
  if (!countsUnready && missing.length === 0) return within(ratio) ? current : Math.ceil(ratio * ready.length);
  const idle = (pod: Pod): readonly [number, number] => [0, of(pod, 0)[1]];
  const atTarget = (pod: Pod): readonly [number, number] => [of(pod, 0)[1], of(pod, 0)[1]];
  const all = [...pairs, ...missing.map(ratio < 1 ? atTarget : idle), ...(countsUnready ? unready.map(idle) : [])];
  const next = ratioOf(all);
  if (within(next) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return current;
  const replicas = Math.ceil(next * all.length);
  return (next < 1 && replicas > current) || (next > 1 && replicas < current) ? current : replicas;
};
