import type { KubeList, KubeObject, ResourceType } from "../apimachinery/meta/types.ts";
import type { Cause } from "../base/trace/cause.ts";

/** Where an object lives. `namespace` is absent for cluster-scoped kinds. */
export interface Place {
  readonly namespace?: string;
  readonly name: string;
}

export interface ListOptions {
  /** Absent: every namespace. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean;
}

export type PatchBody =
  | { readonly type: "json"; readonly body: readonly unknown[] }
  | { readonly type: "merge" | "strategic"; readonly body: Readonly<Record<string, unknown>> };

export type ClientWatchEvent<T extends KubeObject> =
  { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: T } | { readonly type: "BOOKMARK"; readonly resourceVersion: string };

export interface ClientWatch {
  stop(): void;
}

/**
 * A component's way to the API, as its own user. In the process it calls `perform` and pays for neither JSON nor
 * TLS; against a remote server it speaks HTTPS. Both are the same to who holds one. Failures are StatusErrors.
 */
export interface Client {
  get<T extends KubeObject>(type: ResourceType<T>, place: Place, options?: { readonly subresource?: string }): Promise<T>;
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<KubeList<T>>;
  /** From just after `resourceVersion`. `ended` is called once, with the error if it was not `stop` that ended it. */
  watch<T extends KubeObject>(
    type: ResourceType<T>,
    options: ListOptions & { readonly resourceVersion: string },
    receiver: { event(event: ClientWatchEvent<T>): void; ended(error?: Error): void },
  ): ClientWatch;
  create<T extends KubeObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  update<T extends KubeObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  updateStatus<T extends KubeObject>(type: ResourceType<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(type: ResourceType<T>, place: Place, patch: PatchBody, options?: WriteOptions): Promise<T>;
  apply<T extends KubeObject>(type: ResourceType<T>, object: T, options: ApplyOptions): Promise<T>;
  /** Answers the object where it still stands (a grace period or finalizers keep it) or where the server showed it one last time. */
  delete<T extends KubeObject>(type: ResourceType<T>, place: Place, options?: DeleteOptions): Promise<T | undefined>;
  deleteCollection<T extends KubeObject>(type: ResourceType<T>, options: ListOptions, deletion?: DeleteOptions): Promise<void>;
  /** A write to a subresource that is not of the object's own kind: `binding`, `eviction`, `token`, `scale`. */
  post<T extends KubeObject, Answer = unknown>(type: ResourceType<T>, place: Place, subresource: string, body: unknown): Promise<Answer>;
  /** The same client, writing down this cause with whatever it writes. */
  because(cause: Partial<Cause>): Client;
}
