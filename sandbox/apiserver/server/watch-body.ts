import { StatusError } from "../../apimachinery/errors/status.ts";
import type { Stored, WatchEvent, WatchStream } from "../../apimachinery/operation/operation.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { BodyStream, Sink } from "./http.ts";

/** Frames of objects as they are, made once for all who watch. */
const frames = new WeakMap<Stored, Map<string, Buffer>>();

const jsonFrame = (type: string, stored: Stored): Buffer => {
  const known = frames.get(stored) ?? new Map<string, Buffer>();
  let frame = known.get(type);
  if (!frame) {
    frame = Buffer.concat([Buffer.from(`{"type":"${type}","object":`), stored.bytes, Buffer.from("}\n")]);
    known.set(type, frame);
    frames.set(stored, known);
  }
  return frame;
};

export interface WatchBodyOptions {
  /** What stands for an object in an event, where it is not the object itself. `first` is true for the first event. */
  readonly transform?: (object: AnyObject, type: WatchEvent["type"], first: boolean) => object;
  /** Frames of another encoding than JSON. */
  readonly frame?: (type: string, object: AnyObject) => Uint8Array;
  /** Ends the watch: the client has gone, its time is over, or the server ends. */
  readonly signal: AbortSignal;
}

/** A watch as a body: one event a line. What a slow client does not take piles up in the watch's own bounded buffer. */
export const watchBody = (stream: WatchStream, { transform, frame, signal }: WatchBodyOptions): BodyStream => {
  let first = true;
  const encode = (event: WatchEvent): Uint8Array | string => {
    if (event.type === "ERROR")
      return frame ? frame("ERROR", event.status) : `${JSON.stringify({ type: "ERROR", object: event.status })}\n`;
    if (!transform) return frame ? frame(event.type, event.stored.object) : jsonFrame(event.type, event.stored);
    const object = transform(event.stored.object, event.type, first);
    first = false;
    return frame ? frame(event.type, object as AnyObject) : `${JSON.stringify({ type: event.type, object })}\n`;
  };
  return {
    start(sink: Sink): void {
      if (signal.aborted) return sink.end();
      const writer = new BoundedWriter(sink, () => stream.stop());
      const abort = (): void => stream.stop();
      signal.addEventListener("abort", abort, { once: true });
      stream.start({
        event: (event) => {
          try {
            writer.write(encode(event));
          } catch (error) {
            // What cannot be shown as asked ends the watch, not whoever made the change.
            if (error instanceof StatusError) writer.write(encode({ type: "ERROR", status: error.status as unknown as AnyObject }));
            stream.stop();
          }
        },
        end: () => {
          signal.removeEventListener("abort", abort);
          writer.end();
        },
      });
      writer.begun();
      if (signal.aborted) stream.stop();
    },
    cancel: () => stream.stop(),
  };
};

/** Changes that may wait for a client which does not read, and their bytes; more, and the watch is cut off, so that nobody's laziness fills our memory. */
const bound = { events: 10_000, bytes: 64 * 1024 * 1024 };

/** Hands chunks on for as long as the client keeps up, and keeps those that must wait. */
class BoundedWriter {
  readonly #sink: Sink;
  readonly #overrun: () => void;
  #waiting: (Uint8Array | string)[] = [];
  #late = { events: 0, bytes: 0 };
  #begun = false;
  #lagging = false;
  #ended = false;

  constructor(sink: Sink, overrun: () => void) {
    this.#sink = sink;
    this.#overrun = overrun;
  }

  /** What was there at the start has been written, all at once: nobody could have read it meanwhile, so it does not count. */
  begun(): void {
    this.#begun = true;
  }

  write(chunk: Uint8Array | string): void {
    if (this.#ended) return;
    if (this.#lagging) this.#keep(chunk);
    else if (!this.#sink.write(chunk)) void this.#catchUp();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#lagging) this.#sink.end();
  }

  #keep(chunk: Uint8Array | string): void {
    this.#waiting.push(chunk);
    if (!this.#begun) return;
    this.#late.events++;
    this.#late.bytes += chunk.length;
    if (this.#late.events > bound.events || this.#late.bytes > bound.bytes) this.#cutOff();
  }

  #cutOff(): void {
    this.#waiting = [];
    this.end();
    this.#overrun();
    this.#sink.abort?.();
  }

  async #catchUp(): Promise<void> {
    this.#lagging = true;
    do {
      await this.#sink.drained();
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#late = { events: 0, bytes: 0 };
      this.#lagging = false;
      for (const chunk of waiting) this.#lagging = !this.#sink.write(chunk) || this.#lagging;
    } while (this.#lagging);
    if (this.#ended) this.#sink.end();
  }
}
