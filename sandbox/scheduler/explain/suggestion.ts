import type { Node, Pod } from "../../api/types.ts";
import type { Random } from "../../base/random/random.ts";
import type { ClusterCache } from "../cache/cluster-cache.ts";
import { SchedulingCycle } from "../framework/cycle.ts";
import { place } from "../framework/decide.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import { PodInfo } from "../framework/pod-info.ts";
import type { Profile } from "../framework/profile.ts";
import { remedyFor, type Remedy } from "./remedies.ts";

/** A change with which the pod was placed when it was tried. */
export interface Suggestion {
  /** `it would fit on ann with 500m more cpu there`. */
  readonly words: string;
  readonly node: string;
  /** The objects as they would have to be. */
  readonly changedPod?: Pod;
  readonly changedNode?: Node;
}

/** How many nodes are tried; those that lack least come first. */
const mostTries = 8;

interface Candidate {
  readonly node: NodeInfo;
  readonly remedies: readonly Remedy[];
  readonly cost: number;
}

/** How many suggestions are made. */
const mostSuggestions = 3;

/** The least changes that let the pod in somewhere, each found out by making it and deciding again. Leaves the cluster as it was. */
export const suggestionsFor = (cluster: ClusterCache, pod: PodInfo, profile: Profile, random: Random): readonly Suggestion[] => {
  const cycle = new SchedulingCycle(pod, profile, cluster, random);
  if (cluster.nodes.length === 0 || cycle.preFilter()) return [];
  const candidates = cluster.nodes
    .map((node) => candidateOf(cycle, pod, node))
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => a.cost - b.cost);
  const suggestions = new Map<string, Suggestion>();
  for (const candidate of candidates.slice(0, mostTries)) {
    const suggestion = tried(cluster, pod, profile, random, candidate);
    if (suggestion && !suggestions.has(suggestion.words)) suggestions.set(suggestion.words, suggestion);
    if (suggestions.size === mostSuggestions) break;
  }
  return [...suggestions.values()];
};

const candidateOf = (cycle: SchedulingCycle, pod: PodInfo, node: NodeInfo): Candidate | undefined => {
  const remedies: Remedy[] = [];
  for (const [plugin, verdict] of cycle.verdictsByPlugin(node)) {
    if (!verdict) continue;
    const remedy = remedyFor(plugin, verdict.reasons, pod, node);
    if (!remedy) return undefined;
    remedies.push(remedy);
  }
  if (remedies.length === 0) return undefined;
  return { node, remedies, cost: remedies.reduce((sum, { cost }) => sum + cost, 0) + 5 * (remedies.length - 1) };
};

const tried = (
  cluster: ClusterCache,
  pod: PodInfo,
  profile: Profile,
  random: Random,
  { node, remedies }: Candidate,
): Suggestion | undefined => {
  const before = node.node!;
  const changedNode = remedies.reduce((object, remedy) => remedy.node?.(object) ?? object, before);
  const changedPod = remedies.reduce((object, remedy) => remedy.pod?.(object) ?? object, pod.pod);
  const nodeChanges = changedNode !== before;
  if (nodeChanges) cluster.setNode(changedNode);
  try {
    const info = changedPod === pod.pod ? pod : new PodInfo(changedPod);
    const decision = place(new SchedulingCycle(info, profile, cluster, random));
    if (decision.outcome !== "scheduled") return undefined;
    return {
      words: `it would fit on ${decision.node.name} ${remedies.map(({ words }) => words).join(", and ")}`,
      node: decision.node.name,
      ...(changedPod !== pod.pod && { changedPod }),
      ...(nodeChanges && { changedNode }),
    };
  } finally {
    if (nodeChanges) cluster.setNode(before);
  }
};
