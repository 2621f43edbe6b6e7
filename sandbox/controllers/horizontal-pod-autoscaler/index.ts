import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { parseSelector } from "../../apimachinery/labels/parse.ts";
import type { ResourceType } from "../../apimachinery/meta/types.ts";
import { toTime } from "../../base/clock/clock.ts";
import { horizontalPodAutoscalers, pods } from "../../api/resources.ts";
import type { HorizontalPodAutoscaler, HorizontalPodAutoscalerCondition, MetricStatus, Scale } from "../../api/types.ts";
import type { Discovery } from "../../client/discovery/discovery.ts";
import { ExponentialRateLimiter } from "../../client/workqueue/rate-limiter.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { limit, type Past } from "./limits.ts";
import { MetricError, propose, type Proposal } from "./metrics.ts";

const HOUR_MS = 3_600_000;
const names = {
  name: "horizontal-pod-autoscaler-controller",
  alias: "horizontalpodautoscaling",
  account: "horizontal-pod-autoscaler",
} as const;

/** Scales workloads to what their metrics ask for. */
export const horizontalPodAutoscalerController: Controller = {
  ...names,
  start: (environment) => autoscaling(environment.discovery).start(environment),
};

const autoscaling = (discovery: Discovery): Controller => {
  const pasts = new Map<string, Past>();
  return defineController<HorizontalPodAutoscaler>({
    ...names,
    eventSource: "horizontal-pod-autoscaler",
    reconciles: horizontalPodAutoscalers,
    // Everything happens once a period, at the same pace whatever changes meanwhile.
    wants: ({ previous, next }) => !previous || !next,
    gatherMs: (options) => options.horizontalPodAutoscalerSyncPeriodMs,
    rateLimiter: (options) =>
      new ExponentialRateLimiter({
        baseMs: options.horizontalPodAutoscalerSyncPeriodMs,
        maxMs: options.horizontalPodAutoscalerSyncPeriodMs,
      }),
    reads: [pods],
    workers: (options) => options.concurrentHorizontalPodAutoscalerSyncs,
    async reconcile(key, context) {
      const autoscaler = context.cache.get(horizontalPodAutoscalers, key);
      if (!autoscaler) {
        pasts.delete(key);
        return;
      }
      context.again(context.options.horizontalPodAutoscalerSyncPeriodMs);
      const look = new Look(context, autoscaler);
      try {
        await scale(look, discovery, pasts.get(key) ?? { recommendations: [], changes: [] }, (past) => pasts.set(key, past));
      } finally {
        await look.write();
      }
    },
  });
};

/** One look at an autoscaler, and the status that comes of it. */
class Look {
  readonly context: Reconcile;
  readonly autoscaler: HorizontalPodAutoscaler;
  #conditions: readonly HorizontalPodAutoscalerCondition[];
  #numbers: Partial<NonNullable<HorizontalPodAutoscaler["status"]>> = {};

  constructor(context: Reconcile, autoscaler: HorizontalPodAutoscaler) {
    this.context = context;
    this.autoscaler = autoscaler;
    this.#conditions = autoscaler.status?.conditions ?? [];
  }

  condition(type: string, status: "True" | "False", reason: string, message: string): void {
    const before = this.#conditions.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : toTime(this.context.clock.now());
    const next = { type, status, lastTransitionTime, reason, message };
    this.#conditions = before
      ? this.#conditions.map((condition) => (condition === before ? next : condition))
      : [...this.#conditions, next];
  }

  say(type: "Normal" | "Warning", reason: string, message: string): void {
    this.context.events.event(this.autoscaler, type, reason, message);
  }

  numbers(current: number, desired: number, metrics: readonly MetricStatus[], rescaled: boolean): void {
    this.#numbers = {
      currentReplicas: current === 0 ? undefined : current,
      desiredReplicas: desired,
      currentMetrics: metrics.length > 0 ? metrics : undefined,
      ...(rescaled && { lastScaleTime: toTime(this.context.clock.now()) }),
    };
  }

  async write(): Promise<void> {
    const status = { desiredReplicas: 0, ...this.autoscaler.status, ...this.#numbers, conditions: this.#conditions };
    if (!isSemanticallyEqual(status, this.autoscaler.status))
      await this.context.client.updateStatus(horizontalPodAutoscalers, { ...this.autoscaler, status });
  }
}

const scale = async (look: Look, discovery: Discovery, past: Past, remember: (past: Past) => void): Promise<void> => {
  const { context, autoscaler } = look;
  const { client, clock, options } = context;
  const { scaleTargetRef, minReplicas = 1, maxReplicas } = autoscaler.spec;
  const namespace = autoscaler.metadata.namespace ?? "";
  const place = { namespace, name: scaleTargetRef.name };
  let type: ResourceType<Scale>;
  let target: Scale;
  try {
    type = await targetType(discovery, scaleTargetRef);
    target = await client.get(type, place, { subresource: "scale" });
  } catch (error) {
    look.say("Warning", "FailedGetScale", wordsOf(error));
    look.condition(
      "AbleToScale",
      "False",
      "FailedGetScale",
      `the HPA controller was unable to get the target's current scale: ${wordsOf(error)}`,
    );
    throw new Error(`failed to query scale subresource for ${scaleTargetRef.kind}/${namespace}/${scaleTargetRef.name}: ${wordsOf(error)}`, {
      cause: error,
    });
  }
  look.condition("AbleToScale", "True", "SucceededGetScale", "the HPA controller was able to get the target's current scale");
  const current = target.spec?.replicas ?? 0;
  const keep = (metrics: readonly MetricStatus[] = []): void =>
    look.numbers(current, autoscaler.status?.desiredReplicas ?? 0, metrics, false);
  if (current === 0 && minReplicas !== 0) {
    look.condition("ScalingActive", "False", "ScalingDisabled", "scaling is disabled since the replica count of the target is zero");
    look.numbers(0, 0, [], false);
    return;
  }
  let desired: number;
  let why: string;
  let metrics: readonly MetricStatus[] = [];
  const now = clock.now();
  if (current > maxReplicas) [desired, why] = [maxReplicas, "Current number of replicas above Spec.MaxReplicas"];
  else if (current < minReplicas) [desired, why] = [minReplicas, "Current number of replicas below Spec.MinReplicas"];
  else {
    const selector = target.status?.selector ?? "";
    if (selector === "") {
      look.say("Warning", "SelectorRequired", "selector is required");
      look.condition("ScalingActive", "False", "InvalidSelector", "the HPA target's scale is missing a selector");
      keep();
      return;
    }
    const proposal = await highestProposal(look, selector, current).catch((error: unknown) => {
      keep();
      look.say("Warning", "FailedComputeMetricsReplicas", wordsOf(error));
      throw new Error(
        `failed to compute desired number of replicas based on listed metrics for ${scaleTargetRef.kind}/${namespace}/${scaleTargetRef.name}: ${wordsOf(error)}`,
        { cause: error },
      );
    });
    metrics = proposal.statuses;
    const limited = limit(autoscaler, past, current, proposal.replicas, options.horizontalPodAutoscalerDownscaleStabilizationMs, now);
    look.condition("AbleToScale", "True", ...limited.able);
    look.condition("ScalingLimited", ...limited.limited);
    desired = limited.replicas;
    why = desired > current ? `${proposal.name} above target` : "All metrics below target";
    past = {
      ...past,
      recommendations: [...past.recommendations.filter(({ time }) => time > now - HOUR_MS), { time: now, replicas: proposal.replicas }],
    };
  }
  const rescale = desired !== current;
  if (rescale) {
    try {
      await client.update(type, { ...target, spec: { ...target.spec, replicas: desired } }, { subresource: "scale" });
    } catch (error) {
      look.say("Warning", "FailedRescale", `New size: ${desired}; reason: ${why}; error: ${wordsOf(error)}`);
      look.condition(
        "AbleToScale",
        "False",
        "FailedUpdateScale",
        `the HPA controller was unable to update the target scale: ${wordsOf(error)}`,
      );
      keep(metrics);
      throw error;
    }
    look.condition("AbleToScale", "True", "SucceededRescale", `the HPA controller was able to update the target scale to ${desired}`);
    look.say("Normal", "SuccessfulRescale", `New size: ${desired}; reason: ${why}`);
    past = { ...past, changes: [...past.changes.filter(({ time }) => time > now - HOUR_MS), { time: now, by: desired - current }] };
  }
  remember(past);
  look.numbers(current, desired, metrics, rescale);
};

const targetType = async (
  discovery: Discovery,
  { apiVersion = "", kind }: { readonly apiVersion?: string; readonly kind: string },
): Promise<ResourceType<Scale>> => {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  const type = (await discovery.preferred()).find((resource) => resource.group === group && resource.kind === kind);
  if (!type)
    throw new Error(
      `unable to determine resource for scale target reference: no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`,
    );
  return type as ResourceType as ResourceType<Scale>;
};

/** The most that any metric asks for; a metric that cannot be had keeps the others from scaling down. */
const highestProposal = async (
  look: Look,
  selector: string,
  current: number,
): Promise<Proposal & { readonly statuses: readonly MetricStatus[] }> => {
  const { context, autoscaler } = look;
  const namespace = autoscaler.metadata.namespace ?? "";
  const wanted = parseSelector(selector);
  const own = context.cache.inNamespace(pods, namespace).filter(({ metadata }) => wanted.matches(metadata.labels));
  const specs = autoscaler.spec?.metrics ?? [];
  const proposals: Proposal[] = [];
  const failures: MetricError[] = [];
  for (const metric of specs) {
    try {
      proposals.push(await propose(context, metric, own, namespace, selector, current));
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      failures.push(error);
      look.say("Warning", error.reason, error.message);
    }
  }
  const best = proposals.reduce<Proposal | undefined>((most, each) => (!most || each.replicas > most.replicas ? each : most), undefined);
  if (failures[0] && (!best || best.replicas < current)) {
    look.condition("ScalingActive", "False", failures[0].reason, `the HPA was unable to compute the replica count: ${failures[0].message}`);
    throw new Error(
      `invalid metrics (${failures.length} invalid out of ${specs.length}), first error is: failed to get ${resourceOf(specs[0]!)} metric value: ${failures[0].message}`,
    );
  }
  if (!best) throw new Error("no metrics");
  look.condition(
    "ScalingActive",
    "True",
    "ValidMetricFound",
    `the HPA was able to successfully calculate a replica count from ${best.name}`,
  );
  return { ...best, statuses: proposals.map(({ status }) => status) };
};

const resourceOf = (metric: {
  readonly resource?: { readonly name: string };
  readonly containerResource?: { readonly name: string };
  readonly type: string;
}): string =>
  metric.resource
    ? `${metric.resource.name} resource`
    : metric.containerResource
      ? `${metric.containerResource.name} container`
      : metric.type.toLowerCase();
