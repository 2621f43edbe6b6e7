import { hasReason } from "../../apimachinery/errors/status.ts";
import { controllerRevisions, daemonSets } from "../../api/resources.ts";
import type { ControllerRevision, DaemonSet, Pod } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { claimRevisions, hasSameData, newRevision, REVISION_LABEL, templatePatch } from "../workloads/history.ts";
import { placeOf } from "../workloads/owners.ts";
import { templateHash } from "../workloads/template-hash/template-hash.ts";

export interface DaemonHistory {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

/** The revision of the set's template, which is made if need be, and those before it (constructHistory). */
export const historyOf = async (context: Reconcile, set: DaemonSet): Promise<DaemonHistory> => {
  const all = await claimRevisions(context, daemonSets, set, set.spec?.selector);
  const data = templatePatch(set.spec.template);
  const same = all.filter((revision) => hasSameData(revision, { data }));
  const old = all.filter((revision) => !same.includes(revision));
  const next = Math.max(0, ...old.map(({ revision }) => revision)) + 1;
  const latest = same.at(-1);
  if (!latest) return { current: await snapshot(context, set, data, next), old };
  const current = latest.revision < next ? await context.client.update(controllerRevisions, { ...latest, revision: next }) : latest;
  return { current, old };
};

const snapshot = async (
  { client }: Reconcile,
  set: DaemonSet,
  data: ControllerRevision["data"],
  revision: number,
): Promise<ControllerRevision> => {
  const { template } = set.spec;
  const hash = templateHash(template, set.status?.collisionCount);
  const fresh = newRevision(daemonSets, set, data, revision, hash, undefined);
  const wanted: ControllerRevision = {
    ...fresh,
    metadata: {
      ...fresh.metadata,
      name: `${set.metadata.name ?? ""}-${hash}`,
      labels: { ...template.metadata?.labels, [REVISION_LABEL]: hash },
    },
  };
  try {
    return await client.create(controllerRevisions, wanted);
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
    const existing = await client.get(controllerRevisions, placeOf(wanted));
    if (hasSameData(existing, wanted)) return existing;
    await client.updateStatus(daemonSets, { ...set, status: { ...set.status!, collisionCount: (set.status?.collisionCount ?? 0) + 1 } });
    throw error;
  }
};

/** Deletes old revisions beyond the history limit that no pod is of. */
export const cleanUpHistory = async (
  { client }: Reconcile,
  set: DaemonSet,
  old: readonly ControllerRevision[],
  pods: readonly Pod[],
): Promise<void> => {
  let surplus = old.length - (set.spec?.revisionHistoryLimit ?? 10);
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[REVISION_LABEL]));
  for (const revision of old) {
    if (surplus <= 0) return;
    if (live.has(revision.metadata.labels?.[REVISION_LABEL])) continue;
    await client.delete(controllerRevisions, placeOf(revision));
    surplus--;
  }
};
