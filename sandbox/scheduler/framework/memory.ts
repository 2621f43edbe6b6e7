import type { Cluster } from "./cluster.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Plugin, Tallied, Tally } from "./plugin.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Verdict } from "./rejection.ts";

/**
 * What the plugins that look at one node said of each node, for pods that they cannot tell apart. An entry holds as long as
 * its node's generation does.
 */
export class NodeVerdicts {
  readonly slots: number;
  /** The node's generation at which the verdict was given; -1 where none was. */
  readonly judged: Float64Array;
  readonly verdicts: Verdict[];
  /** Where in the profile's order the plugin stands that said no. */
  readonly positions: Int32Array;
  readonly scored: Float64Array;
  /** Raw scores, by score plugin and slot. */
  readonly scores: readonly Float64Array[];
  /** By slot: the weighted sum of those scores that are not normalized. */
  readonly fixed: Float64Array;

  constructor(slots: number, scorePlugins: number) {
    this.slots = slots;
    this.judged = new Float64Array(slots).fill(-1);
    this.verdicts = Array<Verdict>(slots).fill(undefined);
    this.positions = new Int32Array(slots);
    this.scored = new Float64Array(slots).fill(-1);
    this.fixed = new Float64Array(slots);
    this.scores = Array.from({ length: scorePlugins }, () => new Float64Array(slots));
  }
}

interface KeptTally {
  readonly tally: Tally;
  /** The generation of each node that it has counted. */
  readonly counted: number[];
  version: number;
}

/** How many node entries are kept in all; about 100 bytes each. */
const entryBudget = 600_000;

/** What one cycle leaves for the next (the opportunistic batching of KEP-5598 taken further). Empty, it changes no outcome. */
export class CycleMemory {
  readonly #verdicts = new Map<string, NodeVerdicts>();
  readonly #tallies = new Map<string, KeptTally>();
  /** Where the next search for nodes starts. */
  nextStart = 0;

  verdicts(key: string, slots: number, scorePlugins: number): NodeVerdicts {
    let known = this.#verdicts.get(key);
    if (known && known.slots >= slots) return recent(this.#verdicts, key, known);
    known = new NodeVerdicts(slots + Math.min(slots, 256), scorePlugins);
    remember(this.#verdicts, key, known, slots);
    return known;
  }

  /** The plugin's tally for this pod, counted up to the present. */
  tally(plugin: Plugin, tallied: Tallied, pod: PodInfo, cluster: Cluster): Tally | undefined {
    const ownKey = tallied.key(pod, cluster);
    if (ownKey === undefined) return undefined;
    const key = `${plugin.name}${tallied === plugin.scoreTally ? "/score" : ""}\0${ownKey}`;
    const known = this.#tallies.get(key);
    const changed = known && cluster.changedSince(known.version);
    if (known && changed) {
      recent(this.#tallies, key, known);
      for (const slot of changed) count(known, slot, cluster.nodeAt(slot));
      known.version = cluster.version;
      return known.tally;
    }
    const made: KeptTally = { tally: tallied.create(pod, cluster), counted: [], version: cluster.version };
    for (const node of cluster.nodes) count(made, node.slot, node);
    remember(this.#tallies, key, made, cluster.slots);
    return made.tally;
  }
}

const count = (kept: KeptTally, slot: number, node: NodeInfo | undefined): void => {
  const generation = node?.generation ?? -1;
  if (kept.counted[slot] === generation) return;
  kept.tally.update(slot, node);
  kept.counted[slot] = generation;
};

/** Moves an entry to the end of those that are dropped first. */
const recent = <Value>(entries: Map<string, Value>, key: string, value: Value): Value => {
  entries.delete(key);
  entries.set(key, value);
  return value;
};

const remember = <Value>(entries: Map<string, Value>, key: string, value: Value, slots: number): void => {
  entries.delete(key);
  entries.set(key, value);
  const bound = Math.min(512, Math.max(16, entryBudget / Math.max(1, slots)));
  for (const [oldest] of entries) {
    if (entries.size <= bound) break;
    entries.delete(oldest);
  }
};
