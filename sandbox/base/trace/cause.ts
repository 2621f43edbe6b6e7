/**
 * Why a revision was written. Stored with it, so that `why pod/web-1` is a walk along links, and the
 * debugger's stack crosses components.
 */
export interface Cause {
  /** Who wrote: a component (`replicaset-controller`), or a client's user agent. */
  readonly by: string;
  /** The authenticated user. */
  readonly user?: string;
  /** The work item being handled, e.g. `apps/replicasets shop/web-5d4f8c7b9d`. */
  readonly item?: string;
  /** One phrase in plain words, e.g. `2 pods missing`. */
  readonly why?: string;
  /** The revisions that put the item on the queue, newest last; bounded. */
  readonly revisions?: readonly number[];
  /** How many more revisions were folded into this item than `revisions` names. */
  readonly folded?: number;
  /** Where a person asked for it: a manifest's file and line (1-based). */
  readonly source?: { readonly file: string; readonly line?: number };
}
