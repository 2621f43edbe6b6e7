import type { KeyValue } from "../storage.ts";

/** The key was deleted at this revision. */
export interface Tombstone {
  readonly modRevision: number;
}

/** Every kept version of a key. Most keys have one. */
export interface KeyHistory {
  newest: KeyValue | Tombstone;
  /** Oldest first. */
  readonly older: (KeyValue | Tombstone)[];
}

export const isLive = (version: KeyValue | Tombstone | undefined): version is KeyValue => version !== undefined && "value" in version;

/** The version that a reader at `revision` sees. */
export const versionAt = (history: KeyHistory | undefined, revision: number): KeyValue | undefined => {
  if (!history) return undefined;
  const version = history.newest.modRevision <= revision ? history.newest : history.older.findLast((each) => each.modRevision <= revision);
  return isLive(version) ? version : undefined;
};
