import { hasReason } from "../../apimachinery/errors/status.ts";
import { apiVersionOf, isTerminating, type KubeObject, type OwnerReference, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client, Place } from "../../client/client.ts";
import type { BoundedMap } from "../../client/events/bounded-map.ts";
import { blockingDependents, FOREGROUND, ORPHAN, type GraphNode, type OwnerGraph } from "./graph.ts";

type Propagation = "Orphan" | "Background" | "Foreground";

interface Collecting {
  readonly client: Client;
  readonly graph: OwnerGraph;
  readonly resolve: (reference: OwnerReference) => ResourceType | undefined;
  /** Owners that are known not to exist, by uid and namespace. */
  readonly absent: BoundedMap<true>;
  readonly requeue: (node: GraphNode) => void;
}

/** An object of whose owners one is of a kind that is not served (now): it stays, and is asked for again. */
class UnknownOwnerKind extends Error {}

/** Deletes the object if all its owners are gone, or are waiting for it to go (attemptToDeleteItem). */
export const collect = async (collecting: Collecting, node: GraphNode): Promise<void> => {
  if (node.beingDeleted && !node.deletingDependents) return;
  const { client, graph } = collecting;
  if (!node.type) throw new UnknownOwnerKind(`unable to get REST mapping of ${node.name}`);
  const { type } = node;
  const place = placeOf(node);
  const latest = await find(client, type, place);
  if (latest?.metadata.uid !== node.uid) {
    collecting.absent.set(
      absentKey({ apiVersion: apiVersionOf(type), kind: type.kind, name: node.name, uid: node.uid }, node.namespace),
      true,
    );
    graph.forget(node.uid);
    return;
  }
  if (node.virtual) return;
  if (node.deletingDependents) return finishForeground(collecting, node, latest);
  const owners = latest.metadata.ownerReferences ?? [];
  if (owners.length === 0) return;
  const { solid, dangling, waiting } = await classify(collecting, node, owners);
  if (solid.length > 0) {
    const lost = [...dangling, ...waiting];
    if (lost.length > 0) await dropOwners(client, type, place, latest, new Set(lost.map(({ uid }) => uid)));
    return;
  }
  const finalizers = latest.metadata.finalizers ?? [];
  let propagation: Propagation = "Background";
  if (waiting.length > 0 && node.dependents.size > 0) {
    // In a circle nobody would ever go first.
    if ([...node.dependents].some((dependent) => dependent.deletingDependents)) await unblockOwners(client, type, place, latest);
    propagation = "Foreground";
  } else if (finalizers.includes(ORPHAN)) propagation = "Orphan";
  else if (finalizers.includes(FOREGROUND)) propagation = "Foreground";
  await ignoring(
    ["NotFound", "Conflict"],
    client.delete(type, place, { propagationPolicy: propagation, preconditions: { uid: node.uid } }),
  );
};

/** Lets go of a deleted owner's dependents, and then of the owner (attemptToOrphan). */
export const orphan = async ({ client, graph }: Pick<Collecting, "client" | "graph">, uid: string): Promise<void> => {
  const node = graph.get(uid);
  if (!node?.type) return;
  for (const dependent of [...node.dependents]) {
    if (!dependent.type) continue;
    const latest = await find(client, dependent.type, placeOf(dependent));
    if (latest?.metadata.uid === dependent.uid) await dropOwners(client, dependent.type, placeOf(dependent), latest, new Set([uid]));
  }
  await removeFinalizer(client, node.type, placeOf(node), uid, ORPHAN);
};

const finishForeground = async ({ client, requeue }: Collecting, node: GraphNode, latest: KubeObject): Promise<void> => {
  const blocking = blockingDependents(node);
  if (blocking.length === 0) return removeFinalizer(client, node.type!, placeOf(node), latest.metadata.uid ?? "", FOREGROUND);
  for (const dependent of blocking) if (!dependent.deletingDependents) requeue(dependent);
};

/** Which owners stand, which do not exist, and which are being deleted and wait for their dependents. */
const classify = async ({ client, resolve, absent }: Collecting, node: GraphNode, owners: readonly OwnerReference[]) => {
  const solid: OwnerReference[] = [];
  const dangling: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of owners) {
    const type = resolve(reference);
    if (absent.get(absentKey(reference, node.namespace)) ?? absent.get(absentKey(reference, undefined))) {
      dangling.push(reference);
      continue;
    }
    if (!type) throw new UnknownOwnerKind(`unable to get REST mapping for ${reference.apiVersion}/${reference.kind}`);
    // A cluster-scoped object cannot have a namespaced owner: nobody knows where to look.
    if (type.namespaced && node.namespace === undefined) {
      solid.push(reference);
      continue;
    }
    const owner = await find(
      client,
      type,
      type.namespaced ? { namespace: node.namespace, name: reference.name } : { name: reference.name },
    );
    if (owner?.metadata.uid !== reference.uid) {
      absent.set(absentKey(reference, type.namespaced ? node.namespace : undefined), true);
      dangling.push(reference);
    } else if (isTerminating(owner) && owner.metadata.finalizers?.includes(FOREGROUND)) waiting.push(reference);
    else solid.push(reference);
  }
  return { solid, dangling, waiting };
};

const absentKey = ({ apiVersion, kind, name, uid }: OwnerReference, namespace: string | undefined): string =>
  [apiVersion, kind, name, uid, namespace].join("|");

const placeOf = ({ namespace, name }: GraphNode): Place => (namespace === undefined ? { name } : { namespace, name });

const find = async (client: Client, type: ResourceType, place: Place): Promise<KubeObject | undefined> => {
  try {
    return await client.get(type, place);
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
};

const dropOwners = (client: Client, type: ResourceType, place: Place, latest: KubeObject, uids: ReadonlySet<string>): Promise<void> => {
  const kept = (latest.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
  return patchMetadata(client, type, place, latest, { ownerReferences: kept });
};

const unblockOwners = (client: Client, type: ResourceType, place: Place, latest: KubeObject): Promise<void> => {
  const ownerReferences = (latest.metadata.ownerReferences ?? []).map((owner) =>
    owner.blockOwnerDeletion ? { ...owner, blockOwnerDeletion: false } : owner,
  );
  return patchMetadata(client, type, place, latest, { ownerReferences });
};

const removeFinalizer = async (client: Client, type: ResourceType, place: Place, uid: string, finalizer: string): Promise<void> => {
  const latest = await find(client, type, place);
  if (latest?.metadata.uid !== uid || !latest.metadata.finalizers?.includes(finalizer)) return;
  await patchMetadata(client, type, place, latest, { finalizers: latest.metadata.finalizers.filter((held) => held !== finalizer) });
};

const patchMetadata = (
  client: Client,
  type: ResourceType,
  place: Place,
  latest: KubeObject,
  change: Readonly<Record<string, unknown>>,
): Promise<void> => {
  const { uid, resourceVersion } = latest.metadata;
  return ignoring(["NotFound"], client.patch(type, place, { type: "merge", body: { metadata: { uid, resourceVersion, ...change } } }));
};

const ignoring = async (reasons: Parameters<typeof hasReason>[1][], act: Promise<unknown>): Promise<void> => {
  try {
    await act;
  } catch (error) {
    if (!hasReason(error, ...reasons)) throw error;
  }
};
