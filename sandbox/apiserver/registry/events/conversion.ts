import type { AnyObject } from "../../../apimachinery/meta/types.ts";

/** What events.k8s.io calls otherwise than the core group, in which events are stored. */
const names: Readonly<Record<string, string>> = {
  regarding: "involvedObject",
  note: "message",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
};

const namesBack = Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [theirs, ours]));

const renamed = (object: AnyObject, to: Readonly<Record<string, string>>, apiVersion: string): AnyObject =>
  ({ ...Object.fromEntries(Object.entries(object).map(([key, value]) => [to[key] ?? key, value])), apiVersion }) as AnyObject;

/** An events.k8s.io/v1 Event as a v1 Event. */
export const eventToCore = (object: AnyObject): AnyObject => renamed(object, names, "v1");

/** A v1 Event as an events.k8s.io/v1 Event. */
export const eventFromCore = (object: AnyObject): AnyObject => renamed(object, namesBack, "events.k8s.io/v1");

/** Field selectors of events.k8s.io/v1, by the fields they stand for in v1. */
export const eventFieldAliases: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map((field) => [
      `regarding.${field}`,
      `involvedObject.${field}`,
    ]),
  ),
  reportingController: "reportingComponent",
};
