import { isTerminating, type KubeObject, type OwnerReference, type ResourceType } from "../../apimachinery/meta/types.ts";

export const ORPHAN = "orphan";
export const FOREGROUND = "foregroundDeletion";

/** An object in the graph of owners and dependents. */
export interface GraphNode {
  readonly uid: string;
  /** Absent for an owner that was only heard of and whose kind is not known. */
  type: ResourceType | undefined;
  name: string;
  namespace: string | undefined;
  /** Known from a dependent's reference alone: nobody has seen it. */
  virtual: boolean;
  owners: readonly OwnerReference[];
  readonly dependents: Set<GraphNode>;
  beingDeleted: boolean;
  /** Being deleted, and waiting for its dependents (foreground). */
  deletingDependents: boolean;
}

export interface GraphQueues {
  /** The node may have to go, or may go at last. */
  toDelete(node: GraphNode): void;
  /** The node's dependents are to be let go. */
  toOrphan(node: GraphNode): void;
}

/** Who owns whom, as the watches tell it (upstream's GraphBuilder). */
export class OwnerGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #queues: GraphQueues;
  readonly #resolve: (reference: OwnerReference) => ResourceType | undefined;

  constructor(queues: GraphQueues, resolve: (reference: OwnerReference) => ResourceType | undefined) {
    this.#queues = queues;
    this.#resolve = resolve;
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** The object is there, new or changed. */
  observe(type: ResourceType, object: KubeObject): void {
    const { uid = "", name = "", namespace, ownerReferences = [] } = object.metadata;
    let node = this.#nodes.get(uid);
    const isNew = !node || node.virtual;
    if (!node) {
      node = {
        uid,
        type,
        name,
        namespace,
        virtual: false,
        owners: [],
        dependents: new Set(),
        beingDeleted: false,
        deletingDependents: false,
      };
      this.#nodes.set(uid, node);
    } else if (node.virtual) {
      const differs = node.type?.resource !== type.resource || node.name !== name || node.namespace !== namespace;
      Object.assign(node, { type, name, namespace, virtual: false });
      // Those who named it otherwise have an owner that does not exist.
      if (differs) for (const dependent of node.dependents) this.#queues.toDelete(dependent);
    }
    if (node.owners !== ownerReferences) this.#changeOwners(node, ownerReferences);
    this.#noteDeletion(node, object, isNew);
  }

  /** The object is gone, or was never there: its dependents have lost an owner. */
  forget(uid: string): void {
    const node = this.#nodes.get(uid);
    if (!node) return;
    this.#nodes.delete(uid);
    for (const owner of node.owners) {
      const ownerNode = this.#nodes.get(owner.uid);
      ownerNode?.dependents.delete(node);
      if (ownerNode?.deletingDependents) this.#queues.toDelete(ownerNode);
      this.#dropUnusedVirtual(ownerNode);
    }
    for (const dependent of node.dependents) this.#queues.toDelete(dependent);
  }

  #changeOwners(node: GraphNode, next: readonly OwnerReference[]): void {
    const before = new Map(node.owners.map((owner) => [owner.uid, owner]));
    const after = new Map(next.map((owner) => [owner.uid, owner]));
    node.owners = next;
    for (const [uid, owner] of before) {
      const now = after.get(uid);
      const ownerNode = this.#nodes.get(uid);
      if (!now) ownerNode?.dependents.delete(node);
      const noLongerBlocks = owner.blockOwnerDeletion === true && now?.blockOwnerDeletion !== true;
      if (noLongerBlocks && ownerNode?.deletingDependents) this.#queues.toDelete(ownerNode);
      if (!now) this.#dropUnusedVirtual(ownerNode);
    }
    for (const [uid, owner] of after) if (!before.has(uid)) this.#addDependent(node, owner);
  }

  #addDependent(node: GraphNode, owner: OwnerReference): void {
    const known = this.#nodes.get(owner.uid);
    if (known) {
      known.dependents.add(node);
      const isOther =
        known.name !== owner.name ||
        (known.namespace !== undefined && known.namespace !== node.namespace) ||
        (!known.virtual && known.type?.kind !== owner.kind);
      if (isOther || known.deletingDependents) this.#queues.toDelete(node);
      return;
    }
    const type = this.#resolve(owner);
    const virtual: GraphNode = {
      uid: owner.uid,
      type,
      name: owner.name,
      namespace: type?.namespaced === false ? undefined : node.namespace,
      virtual: true,
      owners: [],
      dependents: new Set([node]),
      beingDeleted: false,
      deletingDependents: false,
    };
    this.#nodes.set(owner.uid, virtual);
    this.#queues.toDelete(virtual);
  }

  #dropUnusedVirtual(node: GraphNode | undefined): void {
    if (node?.virtual && node.dependents.size === 0) this.#nodes.delete(node.uid);
  }

  #noteDeletion(node: GraphNode, object: KubeObject, isNew: boolean): void {
    if (!isTerminating(object)) {
      if (isNew && node.owners.length > 0) this.#checkOwners(node);
      return;
    }
    const finalizers = object.metadata.finalizers ?? [];
    const starts = !node.beingDeleted;
    node.beingDeleted = true;
    if (finalizers.includes(ORPHAN)) {
      if (starts) this.#queues.toOrphan(node);
    } else if (finalizers.includes(FOREGROUND) && !node.deletingDependents) {
      node.deletingDependents = true;
      for (const dependent of node.dependents) this.#queues.toDelete(dependent);
      this.#queues.toDelete(node);
    }
  }

  /** An owner that has been deleted before its dependent was heard of leaves nobody to tell. */
  #checkOwners(node: GraphNode): void {
    if (node.owners.some((owner) => this.#nodes.get(owner.uid)?.deletingDependents)) this.#queues.toDelete(node);
  }
}

/** Dependents that the owner must outlive. */
export const blockingDependents = (node: GraphNode): readonly GraphNode[] =>
  [...node.dependents].filter((dependent) => dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion === true));
