import { hasReason } from "../../apimachinery/errors/status.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import { eventsV1Events } from "../../api/resources.ts";
import type { EventsV1Event } from "../../api/types.ts";
import { fromTime, toMicroTime, type Clock, type Timer } from "../../base/clock/clock.ts";
import type { Client } from "../client.ts";
import type { EventType } from "./event-recorder.ts";
import { EventNames, EventWriter } from "./event-writer.ts";
import { referenceTo } from "./reference.ts";

export interface SeriesRecorder {
  /** `note` is cut to 1024 bytes; `action` is what was tried (`Scheduling`, `Binding`). */
  event(regarding: KubeObject, related: KubeObject | undefined, type: EventType, reason: string, action: string, note: string): void;
  stop(): void;
  flushed(): Promise<void>;
}

export interface SeriesRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** `default-scheduler`. */
  readonly reportingController: string;
  readonly hostname?: string;
}

const FINISH_MS = 360_000;
const REFRESH_MS = 1_800_000;
const LONGEST_NOTE = 1024;

/**
 * Records events.k8s.io/v1 Events with series (client-go's tools/events): the second of its kind turns an event into a series, the rest only count in
 * memory and are written when the series ends or every half an hour.
 */
export const seriesRecorder = ({ client, clock, reportingController, hostname = "drydock" }: SeriesRecorderOptions): SeriesRecorder => {
  const reportingInstance = `${reportingController}-${hostname}`;
  const writer = new EventWriter(clock);
  const names = new EventNames(clock);
  const known = new Map<string, EventsV1Event>();
  let sweep: Timer | undefined;
  let sinceRefresh = 0;

  const record = (event: EventsV1Event): void => writer.push(() => write(client, event));

  /** Ends what was not seen for six minutes, and refreshes the rest now and then, lest the API server forget it. */
  const tidy = (): void => {
    sweep = undefined;
    sinceRefresh += FINISH_MS;
    const refresh = sinceRefresh >= REFRESH_MS;
    if (refresh) sinceRefresh = 0;
    for (const [key, event] of known) {
      const seen = fromTime(event.series?.lastObservedTime ?? event.eventTime) ?? 0;
      const over = seen < clock.now() - FINISH_MS;
      if (event.series && (over || refresh)) record(event);
      if (over) known.delete(key);
    }
    if (known.size > 0) sweep = clock.after(FINISH_MS, tidy);
  };

  return {
    event(regarding, related, type, reason, action, note) {
      const now = toMicroTime(clock.now());
      const about = referenceTo(regarding);
      const beside = related && referenceTo(related);
      const key = JSON.stringify([type, action, reason, about, beside]);
      const before = known.get(key);
      if (before) {
        const next: EventsV1Event = { ...before, series: { count: (before.series?.count ?? 1) + 1, lastObservedTime: now } };
        known.set(key, next);
        if (!before.series) record(next);
        return;
      }
      const event: EventsV1Event = {
        apiVersion: "events.k8s.io/v1",
        kind: "Event",
        metadata: { name: names.next(about.name ?? ""), namespace: about.namespace ?? "default" },
        eventTime: now,
        reportingController,
        reportingInstance,
        action,
        reason,
        regarding: about,
        ...(beside && { related: beside }),
        note: note.length > LONGEST_NOTE ? note.slice(0, LONGEST_NOTE) : note,
        type,
      };
      known.set(key, event);
      record(event);
      sweep ??= clock.after(FINISH_MS, tidy);
    },
    stop() {
      sweep?.cancel();
      writer.stop();
    },
    flushed: () => writer.flushed(),
  };
};

const write = async (client: Client, event: EventsV1Event): Promise<void> => {
  const { namespace, name } = event.metadata;
  if (event.series) {
    try {
      await client.patch(eventsV1Events, { namespace, name: name! }, { type: "strategic", body: { series: event.series } });
      return;
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }
  await client.create(eventsV1Events, event);
};
