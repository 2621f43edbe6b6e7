import type { NodeInfo } from "../../framework/node-info.ts";
import type { Tally } from "../../framework/plugin.ts";
import type { PodInfo } from "../../framework/pod-info.ts";
import { countMatching, inclusionOf, type Constraint } from "./constraints.ts";
import { labelOf } from "../../framework/label-of.ts";

/** The nodes with one value of a topology label, as a constraint sees them. */
export interface Domain {
  readonly value: string;
  nodes: number;
  /** Pods on them that the constraint's selector chooses. */
  pods: number;
  /** Marks the domain in a pass over nodes. */
  seen: number;
}

/** The counts of one constraint. */
export class ConstraintCounts {
  readonly constraint: Constraint;
  readonly domains = new Map<string, Domain>();
  /** By slot; undefined where the node's pods do not count. */
  readonly domainAt: (Domain | undefined)[] = [];
  /** Matching pods on the node itself, by slot, whether they count or not. */
  readonly podsAt: number[] = [];
  /** How many domains have so many pods. */
  readonly #domainsWith: number[] = [];
  #least = 0;

  constructor(constraint: Constraint) {
    this.constraint = constraint;
  }

  set(slot: number, value: string | undefined, pods: number): void {
    const before = this.domainAt[slot];
    const podsBefore = this.podsAt[slot] ?? 0;
    this.podsAt[slot] = pods;
    if (before && before.value === value) {
      if (pods !== podsBefore) this.#change(before, 0, pods - podsBefore);
      return;
    }
    if (before) this.#change(before, -1, -podsBefore);
    if (value === undefined) {
      this.domainAt[slot] = undefined;
      return;
    }
    let domain = this.domains.get(value);
    if (!domain) {
      domain = { value, nodes: 0, pods: 0, seen: -1 };
      this.domains.set(value, domain);
    }
    this.domainAt[slot] = domain;
    this.#change(domain, 1, pods);
  }

  /** The fewest matching pods in any domain; none while there are fewer domains than asked for. */
  get least(): number {
    if (this.domains.size < this.constraint.minDomains || this.domains.size === 0) return 0;
    while (!this.#domainsWith[this.#least]) this.#least++;
    return this.#least;
  }

  #change(domain: Domain, nodes: number, pods: number): void {
    if (domain.nodes > 0) this.#domainsWith[domain.pods]!--;
    domain.nodes += nodes;
    domain.pods += pods;
    if (domain.nodes === 0) {
      this.domains.delete(domain.value);
      return;
    }
    this.#domainsWith[domain.pods] = (this.#domainsWith[domain.pods] ?? 0) + 1;
    if (domain.pods < this.#least) this.#least = domain.pods;
  }
}

/** Counts, constraint by constraint, the matching pods in each domain. */
export class SpreadTally implements Tally {
  readonly counts: readonly ConstraintCounts[];
  /** Slots of nodes that lack a topology label of any constraint. */
  readonly incomplete: boolean[] = [];
  readonly #namespace: string;
  readonly #requireAll: boolean;
  readonly #includes: (constraint: Constraint, node: NodeInfo) => boolean;
  #pass = 0;

  /** `requireAll`: nodes that lack any of the topology labels do not count at all. */
  constructor(pod: PodInfo, constraints: readonly Constraint[], requireAll: boolean) {
    this.counts = constraints.map((constraint) => new ConstraintCounts(constraint));
    this.#namespace = pod.namespace;
    this.#requireAll = requireAll;
    this.#includes = inclusionOf(pod);
  }

  update(slot: number, node: NodeInfo | undefined): void {
    if (!node) {
      for (const counts of this.counts) counts.set(slot, undefined, 0);
      return;
    }
    const { labels } = node;
    const incomplete = this.counts.some(({ constraint }) => labelOf(labels, constraint.topologyKey) === undefined);
    this.incomplete[slot] = incomplete;
    for (const counts of this.counts) {
      const { constraint } = counts;
      const counted = !(incomplete && this.#requireAll) && this.#includes(constraint, node);
      counts.set(
        slot,
        counted ? (labelOf(labels, constraint.topologyKey) ?? "") : undefined,
        countMatching(node, constraint.selector, this.#namespace),
      );
    }
  }

  /** A number that no pass over nodes had before. */
  nextPass(): number {
    return ++this.#pass;
  }
}
