import { hasReason } from "../../apimachinery/errors/status.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import { events } from "../../api/resources.ts";
import type { Event, ObjectReference } from "../../api/types.ts";
import { toTime, type Clock } from "../../base/clock/clock.ts";
import type { Client } from "../client.ts";
import { EventCorrelator, type Correlated } from "./correlator.ts";
import { EventNames, EventWriter } from "./event-writer.ts";
import { referenceTo } from "./reference.ts";

export type EventType = "Normal" | "Warning";

/** What a component has to say about an object, for `kubectl describe`. Never waits, never fails. */
export interface EventRecorder {
  event(
    about: KubeObject | ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    annotations?: Readonly<Record<string, string>>,
  ): void;
  /** The same recorder, writing through this client: its causes. */
  through(client: Client): EventRecorder;
}

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** `source.component`: `deployment-controller`. */
  readonly component: string;
  /** `source.host`, a node's name. */
  readonly host?: string;
  /** Shared, where several components of a process have one correlator, as the parts of upstream's controller manager have. */
  readonly writer?: EventWriter;
}

/** Records core/v1 Events (client-go's tools/record). */
export const eventRecorder = (options: EventRecorderOptions): EventRecorder & { stop(): void; flushed(): Promise<void> } => {
  const { clock, component, host, writer = new EventWriter(clock) } = options;
  const correlator = new EventCorrelator();
  const names = new EventNames(clock);

  const newEvent = (
    about: ObjectReference,
    type: EventType,
    reason: string,
    message: string,
    annotations?: Readonly<Record<string, string>>,
  ): Event => {
    const time = toTime(clock.now());
    const namespace = about.namespace ?? "default";
    return {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: names.next(about.name ?? ""), namespace, ...(annotations && { annotations }) },
      involvedObject: about,
      reason,
      message,
      source: { component, ...(host && { host }) },
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
      type,
      reportingComponent: component,
      reportingInstance: host ?? "",
    };
  };

  const through = (client: Client): EventRecorder => ({
    event(about, type, reason, message, annotations) {
      const reference = "metadata" in about ? referenceTo(about) : about;
      const event = newEvent(reference, type, reason, message, annotations);
      writer.push(async () => {
        const correlated = correlator.correlate(event, clock.now(), () => names.next(reference.name ?? ""));
        if (correlated) await write(client, correlated);
      });
    },
    through,
  });

  return { ...through(options.client), stop: () => writer.stop(), flushed: () => writer.flushed() };
};

const write = async (client: Client, { event, patch }: Correlated): Promise<void> => {
  const { namespace, name } = event.metadata;
  if (patch) {
    try {
      await client.patch(events, { namespace, name: name! }, { type: "strategic", body: patch });
      return;
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }
  await client.create(events, event);
};
