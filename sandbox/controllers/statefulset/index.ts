import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { isTerminating } from "../../apimachinery/meta/types.ts";
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from "../../api/resources.ts";
import type { ControllerRevision, Pod, StatefulSet } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import { owned } from "../framework/watches.ts";
import { claimRevisions, createRevision, hasSameData, templatePatch } from "../workloads/history.ts";
import { claim, placeOf } from "../workloads/owners.ts";
import { asError, isNamespaceTerminating } from "../workloads/pod-control.ts";
import { nextAvailability } from "../workloads/pods.ts";
import { isMember, revisionOf } from "./identity.ts";
import type { Revisions } from "./status.ts";
import { updatePods } from "./update.ts";

/** Keeps pods with names and storage of their own, in order. */
export const statefulSetController = defineController<StatefulSet>({
  name: "statefulset-controller",
  alias: "statefulset",
  reconciles: statefulSets,
  watches: [owned<Pod, StatefulSet>(pods, ({ spec }) => spec?.selector)],
  reads: [controllerRevisions, persistentVolumeClaims],
  workers: (options) => options.concurrentStatefulSetSyncs,
  async reconcile(key, context) {
    const { client, cache, clock } = context;
    const set = cache.get(statefulSets, key);
    if (!set) return;
    const selector = set.spec?.selector;
    const history = await claimRevisions(context, statefulSets, set, selector);
    const own = await claim({
      client,
      cache,
      ownerType: statefulSets,
      owner: set,
      type: pods,
      selector,
      among: (pod) => isMember(set, pod),
    });
    const revisions = await currentAndUpdate(context, set, history);
    const { status, error } = await updatePods(context, set, own, revisions);
    if (!isSemanticallyEqual(withoutConditions(set.status), status)) await client.updateStatus(statefulSets, { ...set, status });
    if (error !== undefined && !isNamespaceTerminating(error)) throw asError(error);
    await truncate(context, set, own, history, revisions);
    const next = nextAvailability(own, set.spec?.minReadySeconds ?? 0, clock.now());
    if (next !== undefined) context.again(next);
  },
});

const withoutConditions = (status: StatefulSet["status"]): unknown => {
  const { conditions: _, ...rest } = status ?? { replicas: -1 };
  return rest;
};

/** The revision that the set comes from, and the one of its template, which is made if need be (getStatefulSetRevisions). */
const currentAndUpdate = async (context: Reconcile, set: StatefulSet, history: readonly ControllerRevision[]): Promise<Revisions> => {
  const template = set.spec.template;
  const data = templatePatch(template);
  const last = history.at(-1);
  const equal = history.findLast((revision) => hasSameData(revision, { data: data }));
  let collisionCount = set.status?.collisionCount ?? 0;
  let update = equal;
  const next = (last?.revision ?? 0) + 1;
  if (!update) {
    const made = await createRevision(context, statefulSets, set, data, next, template.metadata?.labels, collisionCount);
    update = made.created;
    collisionCount = made.collisionCount;
  } else if (update !== last) update = await context.client.update(controllerRevisions, { ...update, revision: next });
  const current = history.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  return { current, update, collisionCount };
};

/** Deletes revisions beyond the history limit that no pod is of (truncateHistory). */
const truncate = async (
  { client }: Reconcile,
  set: StatefulSet,
  own: readonly Pod[],
  history: readonly ControllerRevision[],
  { current, update }: Revisions,
): Promise<void> => {
  const live = new Set([current.metadata.name, update.metadata.name, ...own.map(revisionOf)]);
  const dead = history.filter((revision) => !live.has(revision.metadata.name) && !isTerminating(revision));
  const limit = set.spec?.revisionHistoryLimit ?? 10;
  for (const revision of dead.slice(0, Math.max(0, dead.length - limit))) {
    await client.delete(controllerRevisions, placeOf(revision)).catch((error: unknown) => {
      if (!hasReason(error, "NotFound")) throw asError(error);
    });
  }
};
