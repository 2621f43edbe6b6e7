import type { Eviction, Pod, PodDisruptionBudget } from "../../api/types.ts";
import { badRequest, forbidden } from "../../apimachinery/errors/constructors.ts";
import { failure, hasReason, type StatusError } from "../../apimachinery/errors/status.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { OperationOptions, OperationResult } from "../../apimachinery/operation/operation.ts";
import { toTime } from "../../base/clock/clock.ts";
import { change, readOrRefuse } from "../registry/store.ts";
import { actionOf, done } from "./action.ts";
import { validateDeleteOptions } from "./delete-options.ts";
import { deleteRevision } from "./delete.ts";
import { withCondition } from "./pod-condition.ts";
import type { Request } from "./request.ts";

/** POST to pods/eviction: deletes a pod if the budgets of those who depend on it allow. */
export const evictPod = async (request: Request, name: string): Promise<OperationResult> => {
  const eviction = actionOf(request) as unknown as Eviction;
  if (eviction.metadata?.name !== name) throw badRequest("name in URL does not match name in Eviction object");
  const { dryRun, ...rest } = (eviction.deleteOptions ?? {}) as OperationOptions & { readonly dryRun?: readonly string[] | boolean };
  const isDry = request.dryRun || (Array.isArray(dryRun) && dryRun.length > 0);
  const options: OperationOptions = rest;
  validateDeleteOptions(options);
  const acting =
    isDry === request.dryRun
      ? request
      : request.turnedTo(request.entry, { subresource: "eviction", options: { ...request.operation.options, dryRun: true } });
  const { admission } = request.machinery;
  const attributes = acting.attributes("CREATE", name, eviction as unknown as Draft<AnyObject>, undefined);
  await admission.admit(attributes);
  await admission.validate(attributes);

  const found = await readOrRefuse(acting, name);
  const pod = found.object as unknown as Pod;
  if (needsNoBudget(pod)) {
    await deletePod(acting, name, options);
    return done;
  }
  const budgets = budgetsFor(request, pod);
  if (budgets.length > 1)
    throw failure(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
  const [budget] = budgets;
  if (!budget) {
    await deletePod(acting, name, options);
    return done;
  }
  if (goesUncounted(pod, budget)) await deleteUnchanged(acting, pod, budget, options);
  else {
    await spend(acting, pod, budget);
    await deletePod(acting, name, options);
  }
  return done;
};

/** Pods that are finished, not yet running, or going already disrupt nobody. */
const needsNoBudget = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || ["Succeeded", "Failed", "Pending"].includes(status?.phase ?? "");

const budgetsFor = (request: Request, { metadata }: Pod): readonly PodDisruptionBudget[] => {
  if (Object.keys(metadata.labels ?? {}).length === 0) return [];
  const all = request.machinery.cache.list(
    "policy",
    "poddisruptionbudgets",
    request.namespace,
  ) as unknown as readonly PodDisruptionBudget[];
  return all.filter(({ spec }) => {
    try {
      return selectorOf(spec?.selector).matches(metadata.labels);
    } catch {
      return false;
    }
  });
};

/** An unhealthy pod is not guarded where its budget says so, or is met without it. */
const goesUncounted = ({ status }: Pod, { spec, status: counts }: PodDisruptionBudget): boolean => {
  const isReady = status?.conditions?.some(({ type, status: state }) => type === "Ready" && state === "True") ?? false;
  if (isReady) return false;
  if (spec?.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = counts ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
};

/** Deletes an unhealthy pod, if it has not become healthy meanwhile. */
const deleteUnchanged = async (request: Request, pod: Pod, budget: PodDisruptionBudget, options: OperationOptions): Promise<void> => {
  const given = options.preconditions;
  const resourceVersion = given?.resourceVersion ?? pod.metadata.resourceVersion!;
  try {
    await deletePod(request, pod.metadata.name!, { ...options, preconditions: { ...given, resourceVersion } });
  } catch (error) {
    if (hasReason(error, "Conflict") && given?.resourceVersion === undefined) throw stillProcessing(budget);
    throw error;
  }
};

/** Takes one disruption from the budget, if there is one (checkAndDecrement). */
const spend = async (request: Request, pod: Pod, budget: PodDisruptionBudget): Promise<void> => {
  const { registry } = request.machinery;
  const entry = registry.find("policy", "v1", "poddisruptionbudgets")!;
  const name = budget.metadata.name!;
  const onBudget = request.turnedTo(entry, { name, subresource: "status" });
  const found = await readOrRefuse(onBudget, name);
  await change(onBudget, name, found, ({ object }) => {
    const current = object as unknown as PodDisruptionBudget;
    refuseExhausted(current);
    const { status } = current;
    const now = toTime(request.context.now);
    const left = (status?.disruptionsAllowed ?? 0) - 1;
    const next = { ...status, disruptionsAllowed: left, disruptedPods: { ...status?.disruptedPods, [pod.metadata.name!]: now } };
    const conditions = left > 0 ? status?.conditions : withoutDisruptions(current, now);
    return { kind: "store", object: { ...object, status: { ...next, ...(conditions && { conditions }) } } as Draft<AnyObject> };
  });
};

const withoutDisruptions = ({ status }: PodDisruptionBudget, now: string) => {
  const others = (status?.conditions ?? []).filter(({ type }) => type !== "DisruptionAllowed");
  const previous = status?.conditions?.find(({ type }) => type === "DisruptionAllowed");
  const lastTransitionTime = previous?.status === "False" ? previous.lastTransitionTime : now;
  return [...others, { type: "DisruptionAllowed", status: "False", reason: "InsufficientPods", message: "", lastTransitionTime }];
};

const refuseExhausted = (budget: PodDisruptionBudget): void => {
  const { metadata, status } = budget;
  const name = metadata.name!;
  const allowed = status?.disruptionsAllowed ?? 0;
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) throw stillProcessing(budget);
  const resource = { group: "policy", resource: "poddisruptionbudget" };
  if (allowed < 0) throw forbidden(resource, name, "pdb disruptions allowed is negative");
  if (Object.keys(status?.disruptedPods ?? {}).length > 2000)
    throw forbidden(resource, name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
  if (allowed > 0) return;
  const failed = status?.conditions?.find(
    ({ type, status: state, reason }) => type === "DisruptionAllowed" && state === "False" && reason === "SyncFailed",
  );
  throw overBudget(
    failed
      ? `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message ?? ""}`
      : `The disruption budget ${name} needs ${String(status?.desiredHealthy ?? 0)} healthy pods and has ${String(status?.currentHealthy ?? 0)} currently`,
  );
};

const overBudget = (why: string, retryAfterSeconds?: number): StatusError =>
  failure(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: "DisruptionBudget", message: why }],
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });

const stillProcessing = ({ metadata }: PodDisruptionBudget): StatusError =>
  overBudget(`The disruption budget ${metadata.name ?? ""} is still being processed by the server.`, 10);

/** Writes into the pod why it goes, and deletes it. */
const deletePod = async (request: Request, name: string, options: OperationOptions): Promise<void> => {
  const onPod = request.turnedTo(request.entry, { verb: "delete", name });
  const found = await readOrRefuse(onPod, name);
  if (request.dryRun) {
    await deleteRevision(onPod, found, options);
    return;
  }
  const { revision } = await change(onPod, name, found, ({ object }) => {
    const pod = object as unknown as Pod;
    const condition = {
      type: "DisruptionTarget",
      status: "True",
      reason: "EvictionByEvictionAPI",
      message: "Eviction API: evicting",
    } as const;
    return {
      kind: "store",
      object: { ...pod, status: withCondition(pod.status, condition, toTime(request.context.now)) } as unknown as Draft<AnyObject>,
    };
  });
  const { preconditions } = options;
  const isSame = preconditions?.resourceVersion === String(found.revision);
  await deleteRevision(
    onPod,
    revision,
    isSame ? { ...options, preconditions: { ...preconditions, resourceVersion: String(revision.revision) } } : options,
  );
};
