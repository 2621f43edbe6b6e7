import { hostTimeout } from "../../base/clock/host.ts";
import { CompactedError, type ClosedError, type StorageWatcher } from "../storage.ts";
import type { EtcdApi, WatchResponse } from "./etcd-api.ts";

/** What a watch wants, and how one response becomes events. */
export interface WatchRange {
  readonly key: Buffer;
  readonly rangeEnd: Buffer;
  readonly deliver: (response: WatchResponse) => void;
}

const retryAfter = 200;

/** A watch that outlives its connection: after a break it goes on, with another member, from the revision after the last it has seen. */
export class EtcdWatch {
  readonly #api: EtcdApi;
  readonly #range: WatchRange;
  readonly #watcher: StorageWatcher;
  #next: number;
  #stream: ReturnType<EtcdApi["watch"]> | undefined;
  #cancelRetry: (() => void) | undefined;
  #over = false;

  constructor(api: EtcdApi, range: WatchRange, from: number, watcher: StorageWatcher) {
    this.#api = api;
    this.#range = range;
    this.#next = from;
    this.#watcher = watcher;
    this.#connect();
  }

  cancel(): void {
    this.#over = true;
    this.#cancelRetry?.();
    this.#stream?.cancel();
  }

  end(error: CompactedError | ClosedError): void {
    if (this.#over) return;
    this.cancel();
    this.#watcher.ended(error);
  }

  #connect(): void {
    const stream = this.#api.watch();
    this.#stream = stream;
    const broken = (): void => {
      if (this.#over || this.#stream !== stream) return;
      this.#stream = undefined;
      this.#api.next();
      this.#cancelRetry = hostTimeout(retryAfter, () => this.#connect());
    };
    stream.on("error", broken);
    stream.on("end", broken);
    stream.on("data", (response: WatchResponse) => {
      if (this.#over || this.#stream !== stream) return;
      if (response.compactRevision > 0) this.end(new CompactedError(this.#next, response.compactRevision));
      else if (response.canceled) stream.cancel();
      else this.#take(response);
    });
    const { key, rangeEnd } = this.#range;
    stream.write({ createRequest: { key, rangeEnd, startRevision: this.#next, prevKv: true, progressNotify: true } });
  }

  #take(response: WatchResponse): void {
    const last = response.events.at(-1)?.kv.modRevision;
    if (last !== undefined) {
      this.#next = last + 1;
      this.#range.deliver(response);
    } else if (!response.created && response.header.revision >= this.#next) {
      this.#next = response.header.revision + 1;
      this.#watcher.progress?.(response.header.revision);
    }
  }
}
