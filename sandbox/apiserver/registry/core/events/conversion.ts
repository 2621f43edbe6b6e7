import type { AnyObject } from "../../../../apimachinery/meta/types.ts";
import type { Conversion } from "../../conversions.ts";

/** What a field of events.k8s.io/v1 is called in the core group, where the names differ. */
const coreNames: Readonly<Record<string, string>> = {
  regarding: "involvedObject",
  note: "message",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
};

const eventsNames: Readonly<Record<string, string>> = Object.fromEntries(Object.entries(coreNames).map(([name, core]) => [core, name]));

const renamed = (object: AnyObject, names: Readonly<Record<string, string>>, apiVersion: string): AnyObject => {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) result[Object.hasOwn(names, name) ? names[name]! : name] = value;
  return { ...result, apiVersion, kind: "Event", metadata: object.metadata };
};

/** Events of events.k8s.io/v1 are stored as those of the core group: the same fields under other names. */
export const eventConversion: Conversion = {
  toStored: (object) => renamed(object, coreNames, "v1"),
  fromStored: (object) => renamed(object, eventsNames, "events.k8s.io/v1"),
};
