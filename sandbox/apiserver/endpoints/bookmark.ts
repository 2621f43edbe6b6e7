import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { WatchEvent } from "../../apimachinery/operation/operation.ts";
import { Serialized } from "../cache/revision.ts";
import { apiVersionOfEntry, type ResourceEntry } from "../registry/entry.ts";

/** An event that says only how far the watch has come; the first one after a streamed list says that the list is complete, and what it would look like. */
export const bookmark = (entry: ResourceEntry, revision: number, endsInitialEvents = false): WatchEvent => {
  const metadata = {
    resourceVersion: String(revision),
    creationTimestamp: null,
    ...(endsInitialEvents && {
      annotations: { "k8s.io/initial-events-end": "true", "kubernetes.io/initial-events-list-blueprint": blueprintOf(entry) },
    }),
  };
  const object: AnyObject = { kind: entry.kind, apiVersion: apiVersionOfEntry(entry), metadata };
  return { type: "BOOKMARK", stored: new Serialized(object, entry.kind) };
};

/** The list that has been streamed, without its items. */
const blueprintOf = (entry: ResourceEntry): string => {
  const list = { kind: `${entry.kind}List`, apiVersion: apiVersionOfEntry(entry), metadata: {}, items: null };
  return Buffer.from(`${JSON.stringify(list)}\n`).toString("base64");
};
