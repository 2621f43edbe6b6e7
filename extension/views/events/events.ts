import { events, type Event } from "../../../sandbox/index.ts";
import { facts, referenceTo } from "../objects/reference.ts";
import type { Row } from "../row.ts";
import type { View } from "../view.ts";

/** When an event was last seen. */
export const lastSeen = ({ series, lastTimestamp, eventTime, firstTimestamp, metadata }: Event): string =>
  series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp ?? "";

/** How often it was seen. */
export const timesSeen = ({ series, count }: Event): number => series?.count ?? count ?? 1;

const eventRow = (event: Event): Row => {
  const { involvedObject: about, reason = "", message = "", type } = event;
  const times = timesSeen(event);
  const object = `${(about.kind ?? "").toLowerCase()}/${about.name ?? ""}`;
  return {
    id: event.metadata.uid ?? "",
    label: reason,
    description: [object, ...(times > 1 ? [`×${times}`] : []), message].join(" · "),
    icon: type === "Warning" ? "warning" : "info",
    tone: type === "Warning" ? "bad" : "idle",
    context: "event",
    about: referenceTo(events, event),
    tooltip: () =>
      facts(reason, {
        Object: about.namespace ? `${object} in ${about.namespace}` : object,
        Message: message,
        Times: times,
        Last: lastSeen(event),
        From: event.source?.component || event.reportingComponent,
      }),
  };
};

/** What happened, the latest first. */
export const eventsView: View = {
  id: "drydock.events",
  follows: ["events"],
  rows: ({ events }) =>
    events
      .all()
      .toSorted((one, other) => lastSeen(other).localeCompare(lastSeen(one)))
      .map(eventRow),
};
