/** One attempt to schedule a pod, as far as it is needed to explain it later: the rest is computed again from the store. */
export interface Attempt {
  /** Counts attempts of this scheduler. */
  readonly sequence: number;
  readonly uid: string;
  /** `namespace/name`. */
  readonly pod: string;
  readonly schedulerName: string;
  /** Up to which revision the scheduler had seen the cluster. */
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Where the search for nodes began, an index into the nodes in their order. */
  readonly start: number;
  /** The node that was chosen, by chance where several were best; undefined when none would do. */
  readonly node?: string;
}

const bound = 20_000;

/** The latest attempts. Those before an attempt tell which pods it counted as placed that the API did not show yet. */
export class Attempts {
  readonly #ring: Attempt[] = [];
  readonly #undone = new Set<number>();
  #next = 0;

  add(attempt: Omit<Attempt, "sequence">): void {
    this.#undone.delete(this.#next - bound);
    this.#ring[this.#next % bound] = { ...attempt, sequence: this.#next++ };
  }

  /** The latest placement of a pod came to nothing: it counts for nobody after it. */
  undo(uid: string): void {
    const attempt = this.of(uid);
    if (attempt?.node !== undefined) this.#undone.add(attempt.sequence);
  }

  /** The latest attempt for a pod, by uid or `namespace/name`. */
  of(pod: string): Attempt | undefined {
    for (let sequence = this.#next - 1; sequence >= Math.max(0, this.#next - bound); sequence--) {
      const attempt = this.#ring[sequence % bound]!;
      if (attempt.uid === pod || attempt.pod === pod) return attempt;
    }
    return undefined;
  }

  /** What was placed before an attempt, oldest first; whoever explains counts those that are not bound at its revision. */
  placedBefore({ sequence }: Attempt): readonly Attempt[] {
    const placed: Attempt[] = [];
    for (let at = Math.max(0, this.#next - bound); at < sequence; at++) {
      const attempt = this.#ring[at % bound]!;
      if (attempt.node !== undefined && !this.#undone.has(attempt.sequence)) placed.push(attempt);
    }
    return placed;
  }
}
