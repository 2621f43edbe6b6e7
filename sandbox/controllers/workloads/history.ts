import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import { controllerRevisions } from "../../api/resources.ts";
import type { ControllerRevision, LabelSelector, PodTemplateSpec } from "../../api/types.ts";
import type { Reconcile } from "../framework/controller.ts";
import { claim, controllerReference, placeOf } from "./owners.ts";
import { revisionHash } from "./template-hash/revision-hash.ts";

/** The label of pods that says of which revision they are. */
export const REVISION_LABEL = "controller-revision-hash";
/** The label of revisions with the hash that their name ends on. */
const HASH_LABEL = "controller.kubernetes.io/hash";

const LONGEST_PREFIX = 223;

/** What a ControllerRevision keeps of its owner: a strategic merge patch that puts the template back. */
export const templatePatch = (template: PodTemplateSpec): unknown => ({ spec: { template: { $patch: "replace", ...template } } });

/** The template that a revision keeps. */
export const templateOf = ({ data }: ControllerRevision): PodTemplateSpec => {
  const { spec } = data as { readonly spec: { readonly template: PodTemplateSpec & { readonly $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
};

/** Oldest first (SortControllerRevisions). */
export const sortedRevisions = (revisions: readonly ControllerRevision[]): ControllerRevision[] =>
  revisions.toSorted((a, b) => {
    if (a.revision !== b.revision) return a.revision - b.revision;
    const [left, right] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
    if (left !== right) return left < right ? -1 : 1;
    return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
  });

export const hasSameData = (a: ControllerRevision, b: Pick<ControllerRevision, "data">): boolean => isSemanticallyEqual(a.data, b.data);

/** The owner's revisions, oldest first; orphans that its selector matches are adopted. */
export const claimRevisions = async <T extends KubeObject>(
  context: Reconcile,
  type: ResourceType<T>,
  owner: T,
  selector: LabelSelector | undefined,
): Promise<ControllerRevision[]> =>
  sortedRevisions(
    await claim({ client: context.client, cache: context.cache, ownerType: type, owner, type: controllerRevisions, selector }),
  );

export const revisionName = (owner: string, hash: string): string => `${owner.slice(0, LONGEST_PREFIX)}-${hash}`;

/** A revision named after its hash. */
export const newRevision = (
  type: ResourceType,
  owner: KubeObject,
  data: unknown,
  revision: number,
  hash: string,
  labels: Readonly<Record<string, string>> | undefined,
): ControllerRevision => ({
  apiVersion: "apps/v1",
  kind: "ControllerRevision",
  metadata: {
    name: revisionName(owner.metadata.name ?? "", hash),
    namespace: owner.metadata.namespace,
    labels: { ...labels, [HASH_LABEL]: hash },
    ...(owner.metadata.annotations && { annotations: owner.metadata.annotations }),
    ownerReferences: [controllerReference(type, owner)],
  },
  data: data,
  revision,
});

/**
 * Creates a revision of `data`, under another name where an unlike one has its name already. Answers it with the number of names that were
 * taken.
 */
export const createRevision = async (
  { client }: Reconcile,
  type: ResourceType,
  owner: KubeObject,
  data: unknown,
  revision: number,
  labels: Readonly<Record<string, string>> | undefined,
  collisionCount: number,
): Promise<{ readonly created: ControllerRevision; readonly collisionCount: number }> => {
  for (let collisions = collisionCount; ; collisions++) {
    const wanted = newRevision(type, owner, data, revision, revisionHash(data, collisions), labels);
    try {
      return { created: await client.create(controllerRevisions, wanted), collisionCount: collisions };
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
      const existing = await client.get(controllerRevisions, placeOf(wanted));
      if (hasSameData(existing, wanted)) return { created: existing, collisionCount: collisions };
    }
  }
};
