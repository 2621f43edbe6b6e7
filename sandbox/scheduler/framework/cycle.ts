import type { Random } from "../../base/random/random.ts";
import type { Cluster } from "./cluster.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { CycleMemory, type NodeVerdicts } from "./memory.ts";
import type { NodeInfo } from "./node-info.ts";
import type { Plugin, Tally } from "./plugin.ts";
import type { PodInfo } from "./pod-info.ts";
import type { Profile } from "./profile.ts";
import { messageOf, unresolvable, type Rejection, type Verdict } from "./rejection.ts";

export type { Diagnosis } from "./diagnosis.ts";

/** The nodes that would do, and why the others would not. */
export interface Feasible {
  readonly nodes: readonly NodeInfo[];
  /** The slots of those nodes. */
  readonly slots: readonly number[];
  readonly diagnosis: Diagnosis;
  /** How many nodes were looked at. */
  readonly processed: number;
}

interface Positioned {
  readonly plugin: Plugin;
  readonly position: number;
}

const none: ReadonlySet<string> = new Set();

/**
 * One attempt to place one pod: what the plugins prepare in it lives as long as it does (framework.CycleState). Pure but for
 * `memory`, which only makes it quicker.
 */
export class SchedulingCycle {
  readonly pod: PodInfo;
  readonly profile: Profile;
  readonly cluster: Cluster;
  readonly random: Random;
  readonly memory: CycleMemory;
  readonly #state = new Map<Plugin, unknown>();
  readonly #filterTallies = new Map<Plugin, Tally>();
  readonly #scoreTallies = new Map<Plugin, Tally>();
  #skipped: Set<Plugin> | undefined;
  /** Filters whose verdicts are remembered by node. */
  #remembered: Positioned[] = [];
  /** Filters that are asked each time. */
  #asked: Positioned[] = [];
  #verdicts: NodeVerdicts | undefined;
  #only: ReadonlySet<string> | undefined;
  #onlyBy: string[] = [];

  constructor(pod: PodInfo, profile: Profile, cluster: Cluster, random: Random, memory = new CycleMemory()) {
    this.pod = pod;
    this.profile = profile;
    this.cluster = cluster;
    this.random = random;
    this.memory = memory;
  }

  stateOf(plugin: Plugin): unknown {
    return this.#state.get(plugin);
  }

  setState(plugin: Plugin, state: unknown): void {
    this.#state.set(plugin, state);
  }

  /** The plugin's counts for filtering. */
  filterTally(plugin: Plugin): Tally | undefined {
    return this.#filterTallies.get(plugin);
  }

  /** The plugin's counts for scoring; made when first asked for. */
  scoreTally(plugin: Plugin): Tally | undefined {
    let tally = this.#scoreTallies.get(plugin);
    if (!tally && plugin.scoreTally) {
      tally = this.memory.tally(plugin, plugin.scoreTally, this.pod, this.cluster);
      if (tally) this.#scoreTallies.set(plugin, tally);
    }
    return tally;
  }

  /** What is remembered of nodes for pods like this one; only plugins with a key have entries. */
  get verdicts(): NodeVerdicts {
    if (this.#verdicts) return this.#verdicts;
    const { profile, pod } = this;
    let key = "";
    for (const plugin of profile.filter) key += `${plugin.key?.(pod) ?? "-"}\0`;
    for (const { plugin } of profile.score) if (!plugin.filter) key += `${plugin.key?.(pod) ?? "-"}\0`;
    return (this.#verdicts = this.memory.verdicts(key, this.cluster.slots, profile.score.length));
  }

  /** Runs the plugins that look at the pod alone. A rejection stands for every node. */
  preFilter(): Verdict {
    for (const plugin of this.profile.preFilter) {
      if (!plugin.preFilter) continue;
      const tally = plugin.filterTally && this.memory.tally(plugin, plugin.filterTally, this.pod, this.cluster);
      const result = plugin.preFilter(this.pod, this.cluster, tally);
      if (result === "skip") {
        (this.#skipped ??= new Set()).add(plugin);
        continue;
      }
      if (tally) this.#filterTallies.set(plugin, tally);
      if (result === undefined) continue;
      if ("code" in result) return result;
      if (result.state !== undefined) this.#state.set(plugin, result.state);
      if (!result.nodeNames) continue;
      const { nodeNames } = result;
      const before = this.#only;
      const only = before ? new Set([...nodeNames].filter((name) => before.has(name))) : nodeNames;
      this.#only = only;
      this.#onlyBy.push(plugin.name);
      if (only.size === 0)
        return unresolvable(
          plugin.name,
          this.#onlyBy.length === 1
            ? `node(s) didn't satisfy plugin ${plugin.name}`
            : `node(s) didn't satisfy plugin(s) [${[...this.#onlyBy].sort().join(" ")}] simultaneously`,
        );
    }
    const { filter } = this.profile;
    for (let position = 0; position < filter.length; position++) {
      const plugin = filter[position]!;
      if (!plugin.filter || this.#skipped?.has(plugin)) continue;
      const remembered = plugin.key?.(this.pod) !== undefined;
      (remembered ? this.#remembered : this.#asked).push({ plugin, position });
    }
    return undefined;
  }

  /** Looks for nodes until enough are found, starting where the cycle before left off. */
  findFeasible(limit: number): Feasible {
    const nominated = this.pod.pod.status?.nominatedNodeName;
    if (nominated) {
      const node = this.cluster.node(nominated);
      if (node?.node && (!this.#only || this.#only.has(nominated)) && this.verdict(node) === undefined)
        return { nodes: [node], slots: [node.slot], processed: 0, diagnosis: this.#diagnose([], [], none) };
    }
    const { nodes: all, order, generations, hasNominatedPods } = this.cluster;
    const only = this.#only;
    const nodes = only ? all.filter(({ name }) => only.has(name)) : all;
    const { judged, verdicts } = this.verdicts;
    const remembered = !only && !hasNominatedPods && this.#asked.length === 0;
    const feasible: NodeInfo[] = [];
    const slots: number[] = [];
    const rejectedNodes: NodeInfo[] = [];
    const rejections: Rejection[] = [];
    const count = nodes.length;
    let at = count > 0 ? this.memory.nextStart % count : 0;
    for (let processed = 0; processed < count && feasible.length < limit; processed++) {
      const node = nodes[at]!;
      const slot = remembered ? order[at]! : node.slot;
      if (++at === count) at = 0;
      const verdict = remembered && judged[slot] === generations[slot] ? verdicts[slot] : this.verdict(node);
      if (verdict === undefined) {
        feasible.push(node);
        slots.push(slot);
      } else {
        rejectedNodes.push(node);
        rejections.push(verdict);
      }
    }
    const processed = feasible.length + rejections.length;
    if (all.length > 0) this.memory.nextStart = (this.memory.nextStart + processed) % all.length;
    const untried = only ? new Set(this.#onlyBy) : none;
    return { nodes: feasible, slots, processed, diagnosis: this.#diagnose(rejectedNodes, rejections, untried) };
  }

  /** A diagnosis for a pod that a plugin turned away before any node was looked at. */
  rejectedByPreFilter(rejection: Rejection): Diagnosis {
    return {
      nodes: this.cluster.nodes.length,
      rejectedNodes: [],
      rejections: [],
      untried: rejection,
      preFilterMessage: messageOf(rejection),
      plugins: new Set([rejection.plugin]),
      pendingPlugins: rejection.code === "Pending" ? new Set([rejection.plugin]) : none,
    };
  }

  #diagnose(nodes: readonly NodeInfo[], rejections: readonly Rejection[], only: ReadonlySet<string>): Diagnosis {
    const allNodes = this.cluster.nodes.length;
    let plugins: Set<string> | undefined;
    return {
      nodes: allNodes,
      rejectedNodes: nodes,
      rejections,
      get plugins() {
        if (plugins) return plugins;
        plugins = new Set(only);
        for (const { plugin } of rejections) plugins.add(plugin);
        return plugins;
      },
      get pendingPlugins() {
        return new Set(rejections.filter(({ code }) => code === "Pending").map(({ plugin }) => plugin));
      },
      untried: only.size > 0 ? unresolvable("", `node(s) didn't satisfy plugin(s) [${[...only].sort().join(" ")}]`) : undefined,
    };
  }

  /**
   * The first "no" to a node of the cluster (RunFilterPluginsWithNominatedPods): with the pods that are promised room there,
   * and also without them, since they may never come.
   */
  verdict(node: NodeInfo): Verdict {
    if (this.cluster.hasNominatedPods) {
      const with_ = this.#withNominated(node);
      if (with_) {
        const verdict = this.simulate(with_, () => this.#judge(with_));
        if (verdict) return verdict;
      }
    }
    const { judged, verdicts, positions } = this.verdicts;
    const { slot } = node;
    if (judged[slot] !== node.generation) {
      const first = firstNo(this.#remembered, this.pod, node, this);
      verdicts[slot] = first?.verdict;
      positions[slot] = first?.position ?? 0;
      judged[slot] = node.generation;
    }
    const verdict = verdicts[slot];
    for (const { plugin, position } of this.#asked) {
      if (verdict && positions[slot]! < position) break;
      const no = plugin.filter!(this.pod, node, this);
      if (no) return no;
    }
    return verdict;
  }

  /** The verdict on a node that may be simulated; the caller shows it to the tallies (`simulate`, `show`). */
  verdictOnSimulated(node: NodeInfo): Verdict {
    const with_ = this.#withNominated(node);
    if (with_) {
      this.show(with_);
      const verdict = this.#judge(with_);
      this.show(node);
      if (verdict) return verdict;
    }
    return this.#judge(node);
  }

  #judge(node: NodeInfo): Verdict {
    const remembered = firstNo(this.#remembered, this.pod, node, this);
    const asked = firstNo(this.#asked, this.pod, node, this);
    if (!remembered || !asked) return (remembered ?? asked)?.verdict;
    return (remembered.position < asked.position ? remembered : asked).verdict;
  }

  #withNominated(node: NodeInfo): NodeInfo | undefined {
    const { uid, priority } = this.pod;
    const promised = this.cluster.nominatedPods(node.name).filter((other) => other.uid !== uid && other.priority >= priority);
    if (promised.length === 0) return undefined;
    const copy = node.clone();
    for (const other of promised) copy.addPod(other);
    return copy;
  }

  /** Makes the tallies count `node` in place of the real node of its slot. */
  show(node: NodeInfo): void {
    for (const tally of this.#filterTallies.values()) tally.update(node.slot, node);
  }

  /** Runs `run` while the tallies count `node` in place of the real one. */
  simulate<Result>(node: NodeInfo, run: () => Result): Result {
    this.show(node);
    try {
      return run();
    } finally {
      const real = this.cluster.nodeAt(node.slot);
      if (real) this.show(real);
    }
  }

  /** Every filter's own verdict on a node, for explanations: undefined where a filter agrees or had nothing to say. */
  verdictsByPlugin(node: NodeInfo): ReadonlyMap<string, Verdict> {
    const all = new Map<string, Verdict>();
    for (const plugin of this.profile.filter) {
      if (!plugin.filter) continue;
      all.set(plugin.name, this.#skipped?.has(plugin) ? undefined : plugin.filter(this.pod, node, this));
    }
    return all;
  }
}

const firstNo = (
  filters: readonly Positioned[],
  pod: PodInfo,
  node: NodeInfo,
  cycle: SchedulingCycle,
): { verdict: Rejection; position: number } | undefined => {
  for (const { plugin, position } of filters) {
    const verdict = plugin.filter!(pod, node, cycle);
    if (verdict) return { verdict, position };
  }
  return undefined;
};
