import type { Revision } from "./revision.ts";

/** What happened to one object at one revision. `previous` is absent for what was created, `current` for what was deleted. */
export class Change {
  readonly revision: number;
  readonly current: Revision | undefined;
  readonly previous: Revision | undefined;
  #gone: Revision | undefined;

  constructor(revision: number, current: Revision | undefined, previous: Revision | undefined) {
    this.revision = revision;
    this.current = current;
    this.previous = previous;
  }

  /** The object as it last was, with the revision of this change: what those are shown for whom it is gone. */
  get gone(): Revision {
    this.#gone ??= this.previous!.at(this.revision);
    return this.#gone;
  }
}

/** The newest changes of one resource, for watches that resume. A ring: when it is full the oldest goes. */
export class History {
  readonly #capacity: number;
  readonly #changes: Change[] = [];
  #start = 0;
  /** Watches may resume after this revision or a later one. */
  since: number;

  constructor(since: number, capacity: number) {
    this.since = since;
    this.#capacity = capacity;
  }

  add(change: Change): void {
    if (this.#changes.length < this.#capacity) {
      this.#changes.push(change);
      return;
    }
    this.since = this.#changes[this.#start]!.revision;
    this.#changes[this.#start] = change;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  /** Changes after `revision`, oldest first; undefined when some of them are forgotten. */
  after(revision: number): readonly Change[] | undefined {
    if (revision < this.since) return undefined;
    const count = this.#changes.length;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#at(middle).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return Array.from({ length: count - low }, (_, index) => this.#at(low + index));
  }

  #at(index: number): Change {
    return this.#changes[(this.#start + index) % this.#changes.length]!;
  }
}
