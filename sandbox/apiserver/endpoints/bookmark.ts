import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { WatchEvent } from "../../apimachinery/operation/operation.ts";
import { Serialized } from "../cache/revision.ts";
import { apiVersionOfEntry, type ResourceEntry } from "../registry/entry.ts";

/** An event that says only how far the watch has come; the first one after a streamed list says that the list is complete. */
export const bookmark = (entry: ResourceEntry, revision: number, endsInitialEvents = false): WatchEvent => {
  const metadata = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(endsInitialEvents && { annotations: { "k8s.io/initial-events-end": "true" } }),
  };
  const object: AnyObject = { kind: entry.kind, apiVersion: apiVersionOfEntry(entry), metadata };
  return { type: "BOOKMARK", stored: new Serialized(object, entry.kind) };
};
