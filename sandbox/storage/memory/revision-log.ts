import type { Cause } from "../../base/trace/cause.ts";
import { CompactedError, type StorageEvent } from "../storage.ts";

/** The store's one counter, and what every kept revision did. A budget keeps it from growing without bound. */
export class RevisionLog {
  readonly #keepRevisions: number;
  readonly #keepBytes: number;
  /** `#events[i]` is revision `#first + i`; the front is cut lazily, `#start` says how much of it is gone. */
  #events: StorageEvent[] = [];
  #first: number;
  #start = 0;
  #bytes = 0;
  revision: number;
  compacted: number;

  constructor({
    keepRevisions,
    keepBytes,
    revision = 1,
  }: {
    readonly keepRevisions: number;
    readonly keepBytes: number;
    readonly revision?: number;
  }) {
    this.#keepRevisions = keepRevisions;
    this.#keepBytes = keepBytes;
    this.revision = revision;
    this.compacted = revision - 1;
    this.#first = revision + 1;
  }

  /** The number of the write that is being made. */
  next(): number {
    return ++this.revision;
  }

  /** Keeps what the newest revision did; answers the keys whose old versions the budget no longer allows. */
  append(event: StorageEvent): readonly string[] {
    this.#events.push(event);
    this.#bytes += weight(event);
    const kept = this.#events.length - this.#start;
    if (kept <= this.#keepRevisions && this.#bytes <= this.#keepBytes) return [];
    // In strides, so that a full log does not compact at every write.
    return this.compact(Math.min(this.revision - 1, this.#first + this.#start + Math.ceil(kept / 16)));
  }

  /** Events from `revision` on, which must be after the compacted one. */
  since(revision: number): readonly StorageEvent[] {
    if (revision <= this.compacted) throw new CompactedError(revision, this.compacted);
    return this.#events.slice(Math.max(this.#start, revision - this.#first));
  }

  causeOf(revision: number): Cause | undefined {
    return revision - this.#first < this.#start ? undefined : this.#events[revision - this.#first]?.cause;
  }

  /** Forgets revisions up to and including `revision`; answers the keys they wrote. */
  compact(revision: number): readonly string[] {
    const keys = new Set<string>();
    while (this.#first + this.#start <= revision && this.#start < this.#events.length) {
      const event = this.#events[this.#start++]!;
      this.#bytes -= weight(event);
      keys.add(event.type === "put" ? event.current.key : event.key);
    }
    this.compacted = Math.max(this.compacted, revision);
    if (this.#start > 1024 && this.#start * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#start);
      this.#first += this.#start;
      this.#start = 0;
    }
    return [...keys];
  }
}

/** What keeping the event costs: the value it replaced, and the record itself. */
const weight = (event: StorageEvent): number => (event.previous?.value.byteLength ?? 0) + 160;
