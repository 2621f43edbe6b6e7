import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { controllerOf, isTerminating, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import { pods } from "../../api/resources.ts";
import type { LabelSelector, Pod, PodTemplateSpec, ReplicaSetCondition } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import type { Controller, ControllerDefinition, Reconcile } from "../framework/controller.ts";
import { owned } from "../framework/watches.ts";
import { conditionOf, newCondition, withCondition, withoutCondition } from "./conditions.ts";
import { compact, unlessZero } from "./counts.ts";
import { podsToDelete } from "./deletion-order.ts";
import { claim, controllerReference } from "./owners.ts";
import { asError, createPod, deletePod, isNamespaceTerminating, podFromTemplate, wordsOf } from "./pod-control.ts";
import { isActive, isPodAvailable, isPodReady, nextAvailability } from "./pods.ts";
import { slowStart } from "./slow-start.ts";

/** Pods are created and deleted at most so many at a time (BurstReplicas). */
const BURST = 500;

/** A kind that keeps a number of equal pods: ReplicaSet and ReplicationController. */
export interface ReplicaKeeper extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly minReadySeconds?: number; readonly template?: PodTemplateSpec };
  readonly status?: ReplicaKeeperStatus;
}

export interface ReplicaKeeperStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ReplicaSetCondition[];
}

export interface ReplicaManagerDefinition<T extends ReplicaKeeper> extends Pick<
  ControllerDefinition<T>,
  "name" | "alias" | "account" | "eventSource" | "reconciles" | "workers"
> {
  readonly selectorOf: (keeper: T) => LabelSelector | undefined;
}

/** The controller of a kind that keeps as many pods alive as it asks for (upstream's replicaset.ReplicaSetController). */
export const replicaManager = <T extends ReplicaKeeper>(definition: ReplicaManagerDefinition<T>): Controller =>
  defineController<T>({
    ...definition,
    watches: [owned<Pod, T>(pods, definition.selectorOf)],
    async reconcile(key, context) {
      const { client, cache, clock, step } = context;
      const keeper = cache.get(definition.reconciles, key);
      if (!keeper) return;
      const { reconciles } = definition;
      const selector = definition.selectorOf(keeper);
      const active = await claim({ client, cache, ownerType: reconciles, owner: keeper, type: pods, selector, among: isActive });
      const wanted = keeper.spec?.replicas ?? 1;
      const difference = step("compare", { keeper, active }, () => active.length - wanted);
      const failure = isTerminating(keeper) ? undefined : await act(context, reconciles, keeper, active, difference);
      const minReadySeconds = keeper.spec?.minReadySeconds ?? 0;
      const status = statusOf(keeper, active, difference, failure, clock.now());
      await writeStatus(context, reconciles, keeper, status);
      if (failure !== undefined) throw asError(failure);
      const next = nextAvailability(active, minReadySeconds, clock.now());
      if (next !== undefined) context.again(next);
    },
  });

/** Creates what is missing or deletes what is too much; answers the first error (manageReplicas). */
const act = async <T extends ReplicaKeeper>(
  context: Reconcile,
  type: ResourceType<T>,
  keeper: T,
  active: readonly Pod[],
  difference: number,
): Promise<unknown> => {
  if (difference < 0) {
    const template = keeper.spec?.template;
    if (!template) return undefined;
    const pod = podFromTemplate(template, keeper, controllerReference(type, keeper));
    const { error } = await slowStart(Math.min(-difference, BURST), () => createPod(context, keeper, pod));
    if (-difference > BURST) context.again(0);
    return isNamespaceTerminating(error) ? undefined : error;
  }
  if (difference === 0) return undefined;
  const surplus = podsToDelete(active, relatedPods(context, type, keeper), Math.min(difference, BURST), context.clock.now());
  const results = await Promise.allSettled(surplus.map((pod) => deletePod(context, keeper, pod)));
  if (difference > BURST) context.again(0);
  const failures = results.flatMap((result): unknown[] => (result.status === "rejected" ? [result.reason] : []));
  return failures.find((reason) => !hasReason(reason, "NotFound"));
};

/** The pods of all keepers with the same controller: those of the other ReplicaSets of a Deployment, and our own. */
const relatedPods = <T extends ReplicaKeeper>({ cache }: Reconcile, type: ResourceType<T>, keeper: T): readonly Pod[] => {
  const controller = controllerOf(keeper);
  const keepers = controller
    ? cache.inNamespace(type, keeper.metadata.namespace ?? "").filter((other) => controllerOf(other)?.uid === controller.uid)
    : [keeper];
  return keepers.flatMap((other) => cache.controlledBy(pods, other));
};

/** The status that these pods make (calculateStatus). `failure` is what creating or deleting ended with; `now` in milliseconds. */
export const statusOf = (
  keeper: ReplicaKeeper,
  active: readonly Pod[],
  difference: number,
  failure: unknown,
  now: number,
): ReplicaKeeperStatus => {
  const minReadySeconds = keeper.spec?.minReadySeconds ?? 0;
  const template = selectorOf({ matchLabels: keeper.spec?.template?.metadata?.labels ?? {} });
  const ready = active.filter(isPodReady);
  const before = keeper.status?.conditions;
  const failed = conditionOf(before, "ReplicaFailure");
  let conditions = before;
  if (failure !== undefined && !failed) {
    conditions = withCondition(
      before,
      newCondition("ReplicaFailure", "True", difference < 0 ? "FailedCreate" : "FailedDelete", wordsOf(failure), now),
    );
  } else if (failure === undefined && failed) conditions = withoutCondition(before, "ReplicaFailure");
  return compact({
    replicas: active.length,
    fullyLabeledReplicas: unlessZero(active.filter(({ metadata }) => template.matches(metadata.labels)).length),
    readyReplicas: unlessZero(ready.length),
    availableReplicas: unlessZero(ready.filter((pod) => isPodAvailable(pod, minReadySeconds, now)).length),
    observedGeneration: keeper.metadata.generation,
    conditions: conditions && conditions.length > 0 ? conditions : undefined,
  });
};

/** Writes the status where it says something new; once more on top of the newest object when somebody else wrote meanwhile. */
const writeStatus = async <T extends ReplicaKeeper>(
  { client }: Reconcile,
  type: ResourceType<T>,
  keeper: T,
  status: ReplicaKeeperStatus,
): Promise<void> => {
  if (isSemanticallyEqual(keeper.status, status)) return;
  try {
    await client.updateStatus(type, { ...keeper, status });
  } catch (error) {
    if (hasReason(error, "NotFound")) return;
    if (!hasReason(error, "Conflict")) throw error;
    const { namespace, name = "" } = keeper.metadata;
    await client.updateStatus(type, { ...(await client.get(type, { namespace, name })), status });
  }
};
