import type { AnyObject, KubeList } from "../meta/types.ts";
import type { Cause } from "../../base/trace/cause.ts";

/** Who asks: as authentication found it. */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

export type PatchType = "json" | "merge" | "strategic" | "apply";

/** The options of every verb, already decoded; a verb reads those that Kubernetes gives it. */
export interface OperationOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict";
  /** Server-side apply: take over fields that others own. */
  readonly force?: boolean;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: "NotOlderThan" | "Exact";
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: "Orphan" | "Background" | "Foreground";
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly ignoreStoreReadErrorWithClusterBreakingPotential?: boolean;
}

/** One request on objects, with nothing left of HTTP: who, verb, resource, name, object. */
export interface Operation {
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly user: UserInfo;
  /** The client's user agent: default field manager, and the cause of what it writes. */
  readonly userAgent: string;
  /** The decoded body of create and update, still without defaults. */
  readonly object?: AnyObject;
  readonly patch?: { readonly type: PatchType; readonly body: unknown };
  readonly options?: OperationOptions;
  readonly cause?: Cause;
  /** Warnings collected while decoding (unknown and duplicate fields). */
  readonly warnings?: readonly string[];
  readonly signal?: AbortSignal;
}

/** An object, together with its JSON where it has been serialized already. */
export interface Stored {
  readonly object: AnyObject;
  /** JSON of the object in the version it was asked for in; shared by everybody who reads that revision. */
  readonly bytes: Uint8Array;
  /**
   * Where in `bytes` the members after kind and apiVersion begin: items of a list of built-in kinds leave those two out, so an item
   * is `{` followed by `bytes` from here. Absent where items carry both (custom resources).
   */
  readonly bare?: number;
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; readonly stored: Stored }
  | { readonly type: "ERROR"; readonly status: AnyObject };

/**
 * A stream of changes. The API server calls `next` for as long as the receiver keeps up; a receiver that lets more
 * than the bound pile up is cut off, as upstream does.
 */
export interface WatchStream {
  /** Delivers what is pending and what comes; called once. `end` follows the last event. */
  start(receiver: { event(event: WatchEvent): void; end(): void }): void;
  stop(): void;
}

/** Warnings travel beside every result and become `Warning` headers. */
export type OperationResult = { readonly warnings?: readonly string[] } & (
  | { readonly kind: "object"; readonly code: 200 | 201 | 202; readonly stored: Stored }
  /** Anything that is not a stored object: a Status, a Scale, a review, a TokenRequest. */
  | { readonly kind: "value"; readonly code: number; readonly value: AnyObject }
  | { readonly kind: "list"; readonly list: Omit<KubeList, "items">; readonly items: readonly Stored[] }
  | { readonly kind: "watch"; readonly stream: WatchStream }
);

/** The API server's inner door. Refusals are thrown as StatusErrors. */
export type Perform = (operation: Operation) => Promise<OperationResult>;
