import { hasReason } from "../../apimachinery/errors/status.ts";
import { fromTime } from "../../base/clock/clock.ts";
import type { Pod } from "../../api/types.ts";
import type { DiscoveredResource } from "../../client/discovery/discovery.ts";
import type { Reconcile } from "../framework/controller.ts";
import { placeOf } from "../workloads/owners.ts";
import { isTerminal } from "../workloads/pods.ts";
import { wordsOf } from "../workloads/pod-control.ts";

/** What is left of a namespace's content after an attempt to delete all of it. */
export interface Remains {
  /** Seconds until it may be gone; 0 where nothing is left. */
  readonly estimate: number;
  readonly errors: readonly string[];
  /** How many objects remain of `pods.` and the like, and how often which finalizer holds one. */
  readonly remaining: ReadonlyMap<string, number>;
  readonly finalizers: ReadonlyMap<string, number>;
}

/** A guess at how long finalizers take. */
const FINALIZER_SECONDS = 15;

/** Deletes everything of every kind in a namespace, and answers what remains (deleteAllContent). */
export const deleteContent = async (
  context: Reconcile,
  resources: readonly DiscoveredResource[],
  namespace: string,
  deletedAt: string | undefined,
): Promise<Remains> => {
  const errors: string[] = [];
  const remaining = new Map<string, number>();
  const finalizers = new Map<string, number>();
  let estimate = 0;
  for (const resource of resources) {
    if (!resource.namespaced || !resource.verbs.includes("delete")) continue;
    try {
      const left = await deleteKind(context, resource, namespace, deletedAt);
      if (left.items > 0) remaining.set(`${resource.resource}.${resource.group}`, left.items);
      for (const finalizer of left.finalizers) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
      estimate = Math.max(estimate, left.estimate);
    } catch (error) {
      errors.push(wordsOf(error));
    }
  }
  return { estimate, errors, remaining, finalizers };
};

const deleteKind = async (context: Reconcile, resource: DiscoveredResource, namespace: string, deletedAt: string | undefined) => {
  const { client, clock } = context;
  let estimate = 0;
  if (resource.group === "" && resource.resource === "pods") {
    const { items } = await client.list(resource, { namespace });
    const grace = Math.max(
      0,
      ...(items as readonly Pod[]).filter((pod) => !isTerminal(pod)).map((pod) => pod.spec.terminationGracePeriodSeconds ?? 0),
    );
    if ((clock.now() - (fromTime(deletedAt) ?? clock.now())) / 1000 < grace) estimate = grace;
  }
  if (!(await deleteCollection(context, resource, namespace))) await deleteEach(context, resource, namespace);
  const { items } = resource.verbs.includes("list") ? await client.list(resource, { namespace }) : { items: [] };
  const finalizers = items.flatMap(({ metadata }) => metadata.finalizers ?? []);
  if (items.length > 0 && estimate === 0) {
    if (finalizers.length === 0) {
      const { group, version } = resource;
      throw new Error(
        `unexpected items still remain in namespace: ${namespace} for gvr: ${group}/${version}, Resource=${resource.resource}`,
      );
    }
    estimate = FINALIZER_SECONDS;
  }
  return { items: items.length, finalizers, estimate };
};

const deleteCollection = async ({ client }: Reconcile, resource: DiscoveredResource, namespace: string): Promise<boolean> => {
  if (!resource.verbs.includes("deletecollection")) return false;
  try {
    await client.deleteCollection(resource, { namespace }, { propagationPolicy: "Background" });
    return true;
  } catch (error) {
    if (hasReason(error, "MethodNotAllowed", "NotFound")) return false;
    throw error;
  }
};

const deleteEach = async ({ client }: Reconcile, resource: DiscoveredResource, namespace: string): Promise<void> => {
  if (!resource.verbs.includes("list")) return;
  for (const item of (await client.list(resource, { namespace })).items) {
    await client.delete(resource, placeOf(item), { propagationPolicy: "Background" }).catch((error: unknown) => {
      if (!hasReason(error, "NotFound", "MethodNotAllowed")) throw error;
    });
  }
};
