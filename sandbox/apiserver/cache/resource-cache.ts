import type { StorageEvent } from "../../storage/storage.ts";
import type { StoredKind } from "../registry/entry.ts";
import { Change, History } from "./history.ts";
import { Revision } from "./revision.ts";

/** Told of each change of the objects it asked for. */
export interface Subscriber {
  change(change: Change): void;
  /** The history this subscriber stood on is gone: the store was closed, compacted under us, or went back in time. */
  ended(): void;
}

/** Which changes a subscriber wants; the narrower, the cheaper for everybody. */
export interface Interest {
  readonly namespace?: string;
  readonly name?: string;
  /** Pods of one node. */
  readonly nodeName?: string;
}

/** The objects of one namespace. Order is made when somebody reads. */
interface Bucket {
  readonly byName: Map<string, Revision>;
  sorted: Revision[] | undefined;
}

const capacity = 10_000;

/** The newest revision of every object of one kind, its recent changes, and who wants to know of the next. */
export class ResourceCache {
  kind: StoredKind;
  readonly #buckets = new Map<string, Bucket>();
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  readonly #byNode: Map<string, Map<string, Revision>> | undefined;
  readonly #onBegin: (() => void)[] = [];
  #history: History;
  /** Revision of the newest change of this kind. */
  revision = 0;

  constructor(kind: StoredKind, since: number) {
    this.kind = kind;
    this.#history = new History(since, capacity);
    if (kind.group === "" && kind.resource === "pods") this.#byNode = new Map();
  }

  get(namespace: string, name: string): Revision | undefined {
    return this.#buckets.get(namespace)?.byName.get(name);
  }

  /** In the order of their keys. */
  list(namespace?: string): readonly Revision[] {
    if (namespace !== undefined) return sortedOf(this.#buckets.get(namespace));
    if (!this.kind.namespaced) return sortedOf(this.#buckets.get(""));
    const names = [...this.#buckets.keys()].map((name) => `${name}/`).sort();
    return names.flatMap((name) => sortedOf(this.#buckets.get(name.slice(0, -1))));
  }

  /** Pods bound to a node; undefined where this kind has no such index. */
  onNode(nodeName: string, namespace?: string): readonly Revision[] | undefined {
    if (!this.#byNode) return undefined;
    const revisions = [...(this.#byNode.get(nodeName)?.values() ?? [])].filter(
      (revision) => namespace === undefined || revision.namespace === namespace,
    );
    return revisions.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  count(namespace?: string): number {
    if (namespace !== undefined) return this.#buckets.get(namespace)?.byName.size ?? 0;
    let count = 0;
    for (const bucket of this.#buckets.values()) count += bucket.byName.size;
    return count;
  }

  /** Changes after `revision`, oldest first; undefined when they are not all known any more. */
  since(revision: number): readonly Change[] | undefined {
    return this.#history.after(revision);
  }

  /** The oldest revision after which `since` still knows everything. */
  get oldest(): number {
    return this.#history.since;
  }

  subscribe(interest: Interest, subscriber: Subscriber): () => void {
    const topic = topicOf(interest);
    const subscribers = this.#subscribers.get(topic) ?? new Set();
    this.#subscribers.set(topic, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0 && this.#subscribers.get(topic) === subscribers) this.#subscribers.delete(topic);
    };
  }

  /** Takes over what the store holds, without telling anybody. */
  load(revision: Revision): void {
    this.#set(revision);
    this.revision = Math.max(this.revision, revision.revision);
  }

  /** Everything up to `revision` has been loaded; what changed before is not known. */
  beginAt(revision: number): void {
    this.#history = new History(revision, capacity);
    this.revision = revision;
    for (const run of this.#onBegin.splice(0)) run();
  }

  /** Calls `run` when everything has been read anew. */
  onceBegun(run: () => void): void {
    this.#onBegin.push(run);
  }

  apply(event: StorageEvent): void {
    const change = event.type === "put" ? this.#put(event) : this.#delete(event);
    if (!change) return;
    this.revision = change.revision;
    this.#history.add(change);
    if (this.#subscribers.size > 0) this.#tell(change);
  }

  /** Ends every subscription and forgets all; `since` is where the cache begins anew. */
  reset(since: number): void {
    const subscribers = [...this.#subscribers.values()].flatMap((each) => [...each]);
    this.#subscribers.clear();
    this.#buckets.clear();
    this.#byNode?.clear();
    this.#history = new History(since, capacity);
    this.revision = since;
    for (const subscriber of subscribers) subscriber.ended();
  }

  #put({ current }: Extract<StorageEvent, { type: "put" }>): Change {
    const revision = new Revision(this.kind, current.key, current.modRevision, current.value);
    const previous = this.#set(revision);
    return new Change(revision.revision, revision, previous);
  }

  #delete({ key, revision }: Extract<StorageEvent, { type: "delete" }>): Change | undefined {
    const { namespace, name } = partsOf(this.kind, key);
    const bucket = this.#buckets.get(namespace);
    const previous = bucket?.byName.get(name);
    if (!bucket || !previous) return undefined;
    bucket.byName.delete(name);
    bucket.sorted = undefined;
    if (bucket.byName.size === 0) this.#buckets.delete(namespace);
    this.#indexNode(previous, undefined);
    return new Change(revision, undefined, previous);
  }

  #set(revision: Revision): Revision | undefined {
    const { namespace, name } = partsOf(this.kind, revision.key);
    let bucket = this.#buckets.get(namespace);
    if (!bucket) this.#buckets.set(namespace, (bucket = { byName: new Map(), sorted: undefined }));
    const previous = bucket.byName.get(name);
    bucket.byName.set(name, revision);
    bucket.sorted = undefined;
    this.#indexNode(previous, revision);
    return previous;
  }

  #indexNode(previous: Revision | undefined, current: Revision | undefined): void {
    const index = this.#byNode;
    if (!index) return;
    const [was, is] = [nodeNameOf(previous), nodeNameOf(current)];
    if (previous && was !== is) {
      const pods = index.get(was);
      pods?.delete(previous.key);
      if (pods?.size === 0) index.delete(was);
    }
    if (!current) return;
    const pods = index.get(is);
    if (pods) pods.set(current.key, current);
    else index.set(is, new Map([[current.key, current]]));
  }

  #tell(change: Change): void {
    const at = change.current ?? change.previous!;
    this.#tellTopic("", change);
    if (this.kind.namespaced) this.#tellTopic(`namespace ${at.namespace}`, change);
    this.#tellTopic(`name ${at.namespace}/${at.name}`, change);
    if (!this.#byNode) return;
    const [was, is] = [nodeNameOf(change.previous), nodeNameOf(change.current)];
    if (change.current) this.#tellTopic(`node ${is}`, change);
    if (change.previous && (was !== is || !change.current)) this.#tellTopic(`node ${was}`, change);
  }

  #tellTopic(topic: string, change: Change): void {
    const subscribers = this.#subscribers.get(topic);
    if (subscribers) for (const subscriber of subscribers) subscriber.change(change);
  }
}

const topicOf = ({ namespace, name, nodeName }: Interest): string => {
  if (nodeName !== undefined) return `node ${nodeName}`;
  if (name !== undefined) return `name ${namespace ?? ""}/${name}`;
  return namespace === undefined ? "" : `namespace ${namespace}`;
};

const sortedOf = (bucket: Bucket | undefined): readonly Revision[] => {
  if (!bucket) return [];
  bucket.sorted ??= [...bucket.byName.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return bucket.sorted;
};

const partsOf = (kind: StoredKind, key: string): { readonly namespace: string; readonly name: string } => {
  const rest = key.slice(kind.prefix.length);
  if (!kind.namespaced) return { namespace: "", name: rest };
  const slash = rest.indexOf("/");
  return { namespace: rest.slice(0, slash), name: rest.slice(slash + 1) };
};

const nodeNameOf = (revision: Revision | undefined): string =>
  (revision?.object.spec as { readonly nodeName?: string } | undefined)?.nodeName ?? "";
