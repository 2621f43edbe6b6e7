import { toTime } from "../../base/clock/clock.ts";
import type { Event } from "../../api/types.ts";
import { TokenBucket } from "../workqueue/rate-limiter.ts";
import { BoundedMap } from "./bounded-map.ts";

/** What to do with an event: write it as new, or count it onto one that stands already. */
export interface Correlated {
  readonly event: Event;
  /** What is to be changed of the event of that name; absent where it is new. */
  readonly patch?: Readonly<Record<string, unknown>>;
}

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

interface Observation {
  readonly name: string;
  readonly count: number;
  readonly firstTimestamp: string;
}

const CACHED = 4096;
const SIMILAR_EVENTS = 10;
const SIMILAR_WITHIN_MS = 600_000;
const BURST_PER_OBJECT = 25;
const PER_SECOND_PER_OBJECT = 1 / 300;

/**
 * Keeps repeated events from flooding the API (client-go's EventCorrelator): the same event again only counts up, more than ten that differ
 * by their message alone are combined into one, and of one object's events no more than 25, and one each five minutes, get through.
 */
export class EventCorrelator {
  readonly #similar = new BoundedMap<Similar>(CACHED);
  readonly #observed = new BoundedMap<Observation>(CACHED);
  readonly #buckets = new BoundedMap<TokenBucket>(CACHED);

  /** Undefined: the event is dropped as spam. `freshName` names a combined event. */
  correlate(event: Event, now: number, freshName: () => string): Correlated | undefined {
    const combined = this.#combine(event, now, freshName);
    const correlated = this.#count(combined.event, combined.key, now);
    const source = sourceKey(event);
    let bucket = this.#buckets.get(source);
    if (!bucket) this.#buckets.set(source, (bucket = new TokenBucket(PER_SECOND_PER_OBJECT, BURST_PER_OBJECT)));
    return bucket.tryTake(now) ? correlated : undefined;
  }

  #combine(event: Event, now: number, freshName: () => string): { readonly event: Event; readonly key: string } {
    const groupKey = `${sourceKey(event)}\0${event.type ?? ""}\0${event.reason ?? ""}`;
    let similar = this.#similar.get(groupKey);
    if (!similar || now - similar.last > SIMILAR_WITHIN_MS) similar = { messages: new Set(), last: now };
    similar.messages.add(event.message ?? "");
    similar.last = now;
    this.#similar.set(groupKey, similar);
    if (similar.messages.size < SIMILAR_EVENTS)
      return { event, key: `${groupKey}\0${event.involvedObject.fieldPath ?? ""}\0${event.message ?? ""}` };
    similar.messages.delete(similar.messages.values().next().value!);
    const time = toTime(now);
    const combined: Event = {
      ...event,
      metadata: { ...event.metadata, name: freshName() },
      count: 1,
      firstTimestamp: time,
      lastTimestamp: time,
      message: `(combined from similar events): ${event.message ?? ""}`,
    };
    return { event: combined, key: groupKey };
  }

  #count(event: Event, key: string, now: number): Correlated {
    const before = this.#observed.get(key);
    const time = event.lastTimestamp ?? toTime(now);
    if (!before) {
      this.#observed.set(key, { name: event.metadata.name ?? "", count: event.count ?? 1, firstTimestamp: event.firstTimestamp ?? time });
      return { event };
    }
    const count = before.count + 1;
    this.#observed.set(key, { ...before, count });
    const repeated: Event = { ...event, metadata: { ...event.metadata, name: before.name }, firstTimestamp: before.firstTimestamp, count };
    return { event: repeated, patch: { count, lastTimestamp: time, message: event.message ?? "" } };
  }
}

const sourceKey = ({ source, involvedObject: about }: Event): string =>
  [source?.component, source?.host, about.kind, about.namespace, about.name, about.uid, about.apiVersion].join("\0");
