import { hasReason } from "../../apimachinery/errors/status.ts";
import { jobs, pods as podType } from "../../api/resources.ts";
import type { Container, Job, Pod, PodTemplateSpec } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { podsToDelete } from "../workloads/deletion-order.ts";
import { controllerReference, placeOf } from "../workloads/owners.ts";
import { createPod, deletePod, isNamespaceTerminating, podFromTemplate } from "../workloads/pod-control.ts";
import { slowStart } from "../workloads/slow-start.ts";
import { untilNextTry, type BackoffRecord } from "./backoff.ts";
import { matchFailurePolicy } from "./failure-policy.ts";
import { COMPLETION_INDEX, indexOf } from "./indexes.ts";
import { failuresOf, ignoredFailuresOf, INDEX_FAILURES, INDEX_IGNORED_FAILURES, type Look } from "./look.ts";
import {
  finishedAt,
  hasLimitPerIndex,
  isEnding,
  isIndexed,
  isSuspended,
  isTracked,
  replacesFailedOnly,
  TRACKING_FINALIZER,
} from "./pods.ts";

const MOST_PER_SYNC = 500;

/** How many pods are active after the act, and the error that it ended with. */
export interface Managed {
  readonly active: number;
  readonly ready: number;
  readonly error?: unknown;
}

/** Creates or deletes pods until as many are active as the Job wants (manageJob). */
export const managePods = async (context: Reconcile, look: Look, backoff: BackoffRecord): Promise<Managed> => {
  const { job, active } = look;
  const unchanged = { active: active.length, ready: look.ready };
  if (isSuspended(job)) return remove(context, look, active);
  const wanted = wantedActive(look);
  const surplus = surplusPods(look, Math.max(0, active.length - wanted), context.clock.now());
  if (surplus.length > 0) return remove(context, look, surplus.slice(0, MOST_PER_SYNC));
  const ending = replacesFailedOnly(job) ? look.ending : 0;
  let missing = Math.min(MOST_PER_SYNC, wanted - ending - active.length);
  if (missing <= 0) return unchanged;
  const wait = hasLimitPerIndex(job) ? 0 : untilNextTry(backoff, context.clock.now());
  // While the Job waits upstream says that nothing is active.
  const waiting = { ...unchanged, active: 0 };
  if (wait > 0) {
    context.again(wait);
    return waiting;
  }
  let indexes: readonly number[] = [];
  if (isIndexed(job)) {
    indexes = pendingIndexes(look, missing);
    if (hasLimitPerIndex(job)) {
      const due = dueIndexes(look, indexes, context.clock.now());
      if (due.now.length === 0 && due.wait < Infinity) {
        context.again(due.wait);
        return waiting;
      }
      indexes = due.now;
    }
    missing = indexes.length;
  }
  const { done, error } = await slowStart(missing, (at) => createPod(context, job, newPod(look, indexes[at])));
  return { active: active.length + done, ready: look.ready, ...(error !== undefined && !isNamespaceTerminating(error) && { error }) };
};

/** Deletes the pods of a Job that is over; they stay until they are counted. */
export const deleteActive = async (context: Reconcile, { job, active, ready }: Look): Promise<Managed> => {
  const results = await Promise.allSettled(active.map((pod) => deletePod(context, job, pod)));
  const failures = results.flatMap((result): unknown[] =>
    result.status === "rejected" && !hasReason(result.reason, "NotFound") ? [result.reason] : [],
  );
  return failures.length === 0 ? { active: 0, ready: 0 } : { active: failures.length, ready, error: failures[0] };
};

const wantedActive = ({ job, active, succeeded }: Look): number => {
  const parallelism = job.spec?.parallelism ?? 1;
  const completions = job.spec?.completions;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
};

/** Pods whose index is another's too, or not the Job's any more, and then as many as there are too many. */
const surplusPods = ({ job, active }: Look, atLeast: number, now: number): readonly Pod[] => {
  const surplus: Pod[] = [];
  let left = active;
  if (isIndexed(job)) {
    const kept: Pod[] = [];
    for (const [index, same] of Map.groupBy(active, indexOf)) {
      const isForeign = index === undefined || index >= (job.spec?.completions ?? 0);
      const lost = isForeign ? same : podsToDelete(same, [], same.length - 1, now).slice(0, same.length - 1);
      surplus.push(...lost);
      kept.push(...same.filter((pod) => !lost.includes(pod)));
    }
    left = kept;
  }
  const more = atLeast - surplus.length;
  return more > 0 ? [...surplus, ...podsToDelete(left, [], more, now).slice(0, more)] : surplus;
};

/** Pods that the Job does not want (any more) are not to be counted: their finalizer goes first. */
const remove = async (context: Reconcile, look: Look, surplus: readonly Pod[]): Promise<Managed> => {
  const { job } = look;
  const results = await Promise.allSettled(
    surplus.map(async (pod) => {
      if (isTracked(pod)) await dropFinalizer(context, pod);
      await deletePod(context, job, pod);
    }),
  );
  const failures = results.flatMap((result): unknown[] =>
    result.status === "rejected" && !hasReason(result.reason, "NotFound") ? [result.reason] : [],
  );
  const left = look.active.length - surplus.length + failures.length;
  return {
    active: left,
    ready: Math.min(look.ready, left),
    ...(failures.length > 0 && { error: failures[0] }),
  };
};

export const dropFinalizer = async ({ client }: Pick<Reconcile, "client">, pod: Pod): Promise<void> => {
  const body = { metadata: { "uid": pod.metadata.uid, "$deleteFromPrimitiveList/finalizers": [TRACKING_FINALIZER] } };
  try {
    await client.patch(podType, placeOf(pod), { type: "strategic", body });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
};

const pendingIndexes = ({ job, pods, active, succeededIndexes, failedIndexes }: Look, count: number): readonly number[] => {
  const taken = new Set(active.map(indexOf));
  if (replacesFailedOnly(job)) for (const pod of pods) if (isEnding(pod)) taken.add(indexOf(pod));
  const pending: number[] = [];
  for (let index = 0; index < (job.spec?.completions ?? 0) && pending.length < count; index++) {
    if (!taken.has(index) && !succeededIndexes.has(index) && !failedIndexes?.has(index)) pending.push(index);
  }
  return pending;
};

/** The indexes whose own back-off is over, and how long the first of the others has to wait. */
const dueIndexes = (
  { lastFailedOf }: Look,
  indexes: readonly number[],
  now: number,
): { readonly now: readonly number[]; readonly wait: number } => {
  const waits = indexes.map((index) => {
    const last = lastFailedOf.get(index);
    return last ? untilNextTry({ failures: failuresOf(last) + ignoredFailuresOf(last) + 1, lastFailure: finishedAt(last) }, now) : 0;
  });
  return { now: indexes.filter((_, at) => waits[at] === 0), wait: Math.min(...waits.filter((wait) => wait > 0)) };
};

const newPod = (look: Look, index: number | undefined): Pod => {
  const { job } = look;
  const { template } = job.spec;
  const pod = podFromTemplate(index === undefined ? template : indexedTemplate(look, template, index), job, controllerReference(jobs, job));
  const finalizers = [...(pod.metadata.finalizers ?? []).filter((finalizer) => finalizer !== TRACKING_FINALIZER), TRACKING_FINALIZER];
  const generateName =
    index === undefined ? pod.metadata.generateName : `${(job.metadata.name ?? "").slice(0, 57 - String(index).length)}-${index}-`;
  return { ...pod, metadata: { ...pod.metadata, generateName, finalizers } };
};

const indexedTemplate = ({ job, lastFailedOf }: Look, template: PodTemplateSpec, index: number): PodTemplateSpec => {
  const number = String(index);
  const withIndex = (container: Container): Container =>
    container.env?.some(({ name }) => name === "JOB_COMPLETION_INDEX")
      ? container
      : {
          ...container,
          env: [
            ...(container.env ?? []),
            { name: "JOB_COMPLETION_INDEX", valueFrom: { fieldRef: { fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } } },
          ],
        };
  const { initContainers } = template.spec;
  return {
    ...template,
    metadata: {
      ...template.metadata,
      labels: { ...template.metadata?.labels, [COMPLETION_INDEX]: number },
      annotations: {
        ...template.metadata?.annotations,
        [COMPLETION_INDEX]: number,
        ...(hasLimitPerIndex(job) && failureCounts(job, lastFailedOf.get(index))),
      },
    },
    spec: {
      ...template.spec,
      hostname: `${job.metadata.name ?? ""}-${number}`,
      ...(initContainers && { initContainers: initContainers.map(withIndex) }),
      containers: template.spec.containers.map(withIndex),
    },
  };
};

/** The failures of an index go from pod to pod, in annotations. */
const failureCounts = (job: Job, last: Pod | undefined): Readonly<Record<string, string>> => {
  if (!last) return { [INDEX_FAILURES]: "0" };
  const { counts } = matchFailurePolicy(job, last);
  const ignored = ignoredFailuresOf(last) + (counts ? 0 : 1);
  return {
    [INDEX_FAILURES]: String(failuresOf(last) + (counts ? 1 : 0)),
    ...(ignored > 0 && { [INDEX_IGNORED_FAILURES]: String(ignored) }),
  };
};
