import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { isTerminating, keyOf } from "../../apimachinery/meta/types.ts";
import { fromTime, toTime } from "../../base/clock/clock.ts";
import { deployments, podDisruptionBudgets, pods, replicaSets, replicationControllers, statefulSets } from "../../api/resources.ts";
import type { Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from "../../api/types.ts";
import type { Discovery } from "../../client/discovery/discovery.ts";
import type { Cache } from "../framework/cache.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController, together } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";
import { isPodReady, isTerminal, podCondition } from "../workloads/pods.ts";
import { placeOf } from "../workloads/owners.ts";
import { wordsOf } from "../workloads/pod-control.ts";
import { expectedPods, type Expected } from "./expected.ts";

/** How long an evicted pod may take until its deletion is seen. */
const DELETION_MS = 120_000;
const names = { name: "disruption-controller", alias: "disruption", account: "disruption-controller" } as const;

/** Counts how many pods of each PodDisruptionBudget may go. */
export const disruptionController: Controller = {
  ...names,
  start: (environment) => together(names, budgets(environment.discovery), staleDisruptions).start(environment),
};

const budgets = (discovery: Discovery): Controller =>
  defineController<PodDisruptionBudget>({
    ...names,
    eventSource: "controllermanager",
    reconciles: podDisruptionBudgets,
    watches: [
      mapped(pods, ({ previous, next }, { cache }) => [...new Set([previous, next].flatMap((pod) => (pod ? budgetsOf(pod, cache) : [])))]),
    ],
    reads: [deployments, replicaSets, replicationControllers, statefulSets],
    async reconcile(key, context) {
      const { cache, clock, events } = context;
      const budget = cache.get(podDisruptionBudgets, key);
      if (!budget) return;
      const selector = selectorOf(budget.spec?.selector);
      const own = cache.inNamespace(pods, budget.metadata.namespace ?? "").filter(({ metadata }) => selector.matches(metadata.labels));
      if (own.length === 0) events.event(budget, "Normal", "NoPods", "No matching pods found");
      let expected: Expected;
      try {
        expected = await expectedPods(context, discovery, budget, own);
      } catch (error) {
        events.event(
          budget,
          "Warning",
          "CalculateExpectedPodCountFailed",
          `Failed to calculate the number of expected pods: ${wordsOf(error)}`,
        );
        await failSafe(context, budget, wordsOf(error));
        throw error;
      }
      const now = clock.now();
      const disrupted = stillDisrupted(context, budget, own, now);
      const status = statusOf(budget, own, expected, disrupted, now);
      await writeStatus(context, budget, status);
      const due = Object.values(disrupted).map((time) => (fromTime(time) ?? now) + DELETION_MS - now);
      if (due.length > 0) context.again(Math.max(0, Math.min(...due)));
    },
  });

const budgetsOf = (pod: Pod, cache: Cache): readonly string[] =>
  cache
    .inNamespace(podDisruptionBudgets, pod.metadata.namespace ?? "")
    .filter(({ spec }) => selectorOf(spec?.selector).matches(pod.metadata.labels))
    .map(keyOf);

/** Pods whose eviction was granted and has not been seen yet; those that were not deleted after all are told of. */
const stillDisrupted = (
  { events }: Reconcile,
  budget: PodDisruptionBudget,
  own: readonly Pod[],
  now: number,
): Readonly<Record<string, string>> => {
  const still: Record<string, string> = {};
  const known = budget.status?.disruptedPods ?? {};
  for (const pod of own) {
    const { name = "" } = pod.metadata;
    const time = Object.hasOwn(known, name) ? known[name] : undefined;
    if (time === undefined || isTerminating(pod)) continue;
    if ((fromTime(time) ?? 0) + DELETION_MS < now)
      events.event(pod, "Warning", "NotDeleted", `Pod was expected by PDB ${keyOf(budget)} to be deleted but it wasn't`);
    else still[name] = time;
  }
  return still;
};

const statusOf = (
  budget: PodDisruptionBudget,
  own: readonly Pod[],
  { count, healthy }: Expected,
  disrupted: Readonly<Record<string, string>>,
  now: number,
): PodDisruptionBudgetStatus => {
  const currentHealthy = own.filter(
    (pod) => !isTerminating(pod) && !Object.hasOwn(disrupted, pod.metadata.name ?? "") && isPodReady(pod),
  ).length;
  const disruptionsAllowed = count <= 0 ? 0 : Math.max(0, currentHealthy - healthy);
  return {
    conditions: withAllowed(
      budget,
      disruptionsAllowed > 0 ? "True" : "False",
      disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods",
      "",
      now,
    ),
    currentHealthy,
    desiredHealthy: healthy,
    expectedPods: count,
    disruptionsAllowed,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    observedGeneration: budget.metadata.generation,
  };
};

const withAllowed = ({ metadata, status }: PodDisruptionBudget, value: "True" | "False", reason: string, message: string, now: number) => {
  const conditions = status?.conditions ?? [];
  const before = conditions.find(({ type }) => type === "DisruptionAllowed");
  const lastTransitionTime = before?.status === value ? before.lastTransitionTime : toTime(now);
  const condition = {
    type: "DisruptionAllowed",
    status: value,
    reason,
    message,
    observedGeneration: metadata.generation,
    lastTransitionTime,
  };
  return before ? conditions.map((known) => (known === before ? condition : known)) : [...conditions, condition];
};

/** Nobody may go while nobody knows how many there should be. */
const failSafe = (context: Reconcile, budget: PodDisruptionBudget, why: string): Promise<void> => {
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods: expected = 0, ...rest } = budget.status ?? {};
  const conditions = withAllowed(budget, "False", "SyncFailed", why, context.clock.now());
  return writeStatus(context, budget, {
    ...rest,
    currentHealthy,
    desiredHealthy,
    expectedPods: expected,
    disruptionsAllowed: 0,
    conditions,
  });
};

const writeStatus = async ({ client }: Reconcile, budget: PodDisruptionBudget, status: PodDisruptionBudgetStatus): Promise<void> => {
  if (!isSemanticallyEqual(status, budget.status)) await client.updateStatus(podDisruptionBudgets, { ...budget, status });
};

/** A pod that was to be disrupted and was not, after two minutes, is not to be any more. */
const staleDisruptions = defineController<Pod>({
  ...names,
  reconciles: pods,
  wants: ({ next }) => next !== undefined && isStale(next),
  async reconcile(key, { cache, client, clock, again }) {
    const pod = cache.get(pods, key);
    if (!pod || !isStale(pod)) return;
    const left = (fromTime(podCondition(pod, "DisruptionTarget")!.lastTransitionTime) ?? 0) + DELETION_MS - clock.now();
    if (left > 0) {
      again(left);
      return;
    }
    const condition = { type: "DisruptionTarget", status: "False", lastTransitionTime: toTime(clock.now()) };
    const body = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
    await client.patch(pods, placeOf(pod), { type: "strategic", body }, { subresource: "status" }).catch((error: unknown) => {
      if (!hasReason(error, "NotFound")) throw error;
    });
  },
});

const isStale = (pod: Pod): boolean => !isTerminating(pod) && !isTerminal(pod) && podCondition(pod, "DisruptionTarget")?.status === "True";
