import { controllerOf, type OwnerReference, type ResourceType } from "../../apimachinery/meta/types.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import { deployments, replicaSets, replicationControllers, statefulSets } from "../../api/resources.ts";
import type { Pod, PodDisruptionBudget, Scale } from "../../api/types.ts";
import type { Discovery } from "../../client/discovery/discovery.ts";
import type { Reconcile } from "../framework/controller.ts";
import { scaledValue } from "../workloads/int-or-percent.ts";

export interface Expected {
  readonly count: number;
  readonly healthy: number;
}

/** How many pods there should be, and how many must be healthy (getExpectedPodCount). Throws where a pod's controller cannot be asked. */
export const expectedPods = async (
  context: Reconcile,
  discovery: Discovery,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): Promise<Expected> => {
  if (spec?.maxUnavailable !== undefined) {
    const count = await scaleOfAll(context, discovery, pods);
    return { count, healthy: Math.max(0, count - scaledValue(spec.maxUnavailable, count, true)) };
  }
  if (spec?.minAvailable === undefined) return { count: 0, healthy: 0 };
  if (typeof spec.minAvailable === "number") return { count: pods.length, healthy: spec.minAvailable };
  const count = await scaleOfAll(context, discovery, pods);
  return { count, healthy: scaledValue(spec.minAvailable, count, true) };
};

/** The replicas that the pods' controllers want, each counted once; pods of nobody count nothing. */
const scaleOfAll = async (context: Reconcile, discovery: Discovery, pods: readonly Pod[]): Promise<number> => {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner || scales.has(owner.uid)) continue;
    const scale = await scaleOf(context, discovery, owner, pod.metadata.namespace ?? "");
    if (!scale) throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name ?? "")}`);
    scales.set(owner.uid, 0);
    scales.set(scale.uid, scale.replicas);
  }
  return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0);
};

interface FoundScale {
  readonly uid: string;
  readonly replicas: number;
}

const scaleOf = async (
  { cache, client }: Reconcile,
  discovery: Discovery,
  owner: OwnerReference,
  namespace: string,
): Promise<FoundScale | undefined> => {
  const group = owner.apiVersion.includes("/") ? owner.apiVersion.split("/")[0]! : "";
  const key = `${namespace}/${owner.name}`;
  const cached = (
    found: { readonly metadata: { readonly uid?: string }; readonly spec?: { readonly replicas?: number } } | undefined,
  ): FoundScale | undefined => (found?.metadata.uid === owner.uid ? { uid: owner.uid, replicas: found.spec?.replicas ?? 1 } : undefined);
  if (group === "apps" && owner.kind === "ReplicaSet") {
    const set = cache.get(replicaSets, key);
    const above = set && controllerOf(set);
    if (set?.metadata.uid !== owner.uid || above?.kind !== "Deployment") return cached(set);
    const deployment = cache.get(deployments, `${namespace}/${above.name}`);
    return deployment && { uid: above.uid, replicas: deployment.spec.replicas ?? 1 };
  }
  if (group === "apps" && owner.kind === "StatefulSet") return cached(cache.get(statefulSets, key));
  if (group === "" && owner.kind === "ReplicationController") return cached(cache.get(replicationControllers, key));
  const type = (await discovery.preferred()).find((resource) => resource.group === group && resource.kind === owner.kind);
  if (!type) return undefined;
  try {
    const scale = await client.get<Scale>(
      type as ResourceType as ResourceType<Scale>,
      { namespace, name: owner.name },
      { subresource: "scale" },
    );
    return scale.metadata.uid === owner.uid ? { uid: owner.uid, replicas: scale.spec?.replicas ?? 0 } : undefined;
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    throw new Error(`${type.group === "" ? type.resource : `${type.resource}.${type.group}`} does not implement the scale subresource`, {
      cause: error,
    });
  }
};
