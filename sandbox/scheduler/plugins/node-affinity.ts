import type { NodeAffinity, NodeSelector, PreferredSchedulingTerm } from "../../api/types.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { ClusterEvent } from "../framework/events.ts";
import { nodeSelectorOf, NodeTerm, requiredNodeAffinityOf, type SelectableNode } from "../framework/node-selector.ts";
import { normalizeToMax, type Plugin } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import { unresolvable } from "../framework/rejection.ts";

/** NodeAffinityArgs. */
export interface NodeAffinityArgs {
  /** Holds for every pod of the profile, besides its own. */
  readonly addedAffinity?: NodeAffinity;
}

interface Wish {
  readonly weight: number;
  readonly term: NodeTerm;
}

const name = "NodeAffinity";
const notMatching = unresolvable(name, "node(s) didn't match Pod's node affinity/selector");
const notEnforced = unresolvable(name, "node(s) didn't match scheduler-enforced node affinity");
const conflicting = unresolvable(name, "pod affinity terms conflict");

/** Places pods by the labels of nodes: `nodeSelector`, node affinity, and the affinity a profile adds. */
export const nodeAffinity = ({ addedAffinity }: NodeAffinityArgs = {}): Plugin => {
  const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const matchesEnforced = enforced && nodeSelectorOf(enforced);
  const addedWishes = wishesOf(addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
  const required = new WeakMap<PodInfo, (node: SelectableNode) => boolean>();
  const wishes = new WeakMap<PodInfo, readonly Wish[]>();

  const nodeHelps = (pod: PodInfo, { before, after }: ClusterEvent): boolean => {
    const matches = requiredNodeAffinityOf(pod.pod);
    const fits = (node: KubeObject | undefined): boolean => {
      if (!node) return false;
      const selectable = { name: node.metadata.name ?? "", labels: node.metadata.labels ?? {} };
      return (!matchesEnforced || matchesEnforced(selectable)) && matches(selectable);
    };
    return fits(after) && !fits(before);
  };

  return {
    name,
    retryOn: [
      { kind: "node/added", helps: nodeHelps },
      { kind: "node/labels-changed", helps: nodeHelps },
    ],
    key: ({ pod: { spec } }) =>
      spec?.nodeSelector || spec?.affinity?.nodeAffinity ? JSON.stringify([spec.nodeSelector, spec.affinity?.nodeAffinity]) : "",
    preFilter({ pod: { spec } }) {
      const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      if (!terms && !spec?.nodeSelector && !matchesEnforced) return "skip";
      const nodeNames = terms && namedNodes(terms);
      if (!nodeNames) return undefined;
      return nodeNames.size === 0 ? conflicting : { nodeNames };
    },
    filter(pod, node) {
      if (matchesEnforced && !matchesEnforced(node)) return notEnforced;
      return remembered(required, pod, () => requiredNodeAffinityOf(pod.pod))(node) ? undefined : notMatching;
    },
    preScore(pod) {
      const own = wishesOf(pod.pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
      if (own.length === 0 && addedWishes.length === 0) return "skip";
      wishes.set(pod, [...addedWishes, ...own]);
      return undefined;
    },
    score(pod, node) {
      let sum = 0;
      for (const { weight, term } of wishes.get(pod) ?? []) if (term.matches(node)) sum += weight;
      return sum;
    },
    normalize: (scores) => normalizeToMax(scores),
  };
};

const remembered = <Value>(values: WeakMap<PodInfo, Value>, pod: PodInfo, make: () => Value): Value => {
  let value = values.get(pod);
  if (value === undefined) values.set(pod, (value = make()));
  return value;
};

const wishesOf = (terms: readonly PreferredSchedulingTerm[] | undefined): readonly Wish[] =>
  (terms ?? [])
    .filter(({ weight, preference }) => weight !== 0 && (preference.matchExpressions?.length || preference.matchFields?.length))
    .map(({ weight, preference }) => ({ weight, term: new NodeTerm(preference) }));

/** The nodes that the terms name by `metadata.name`, where each term names some. */
const namedNodes = ({ nodeSelectorTerms }: NodeSelector): ReadonlySet<string> | undefined => {
  if (!nodeSelectorTerms?.length) return undefined;
  let names: Set<string> | undefined;
  for (const { matchFields = [] } of nodeSelectorTerms) {
    let termNames: Set<string> | undefined;
    for (const { key, operator, values } of matchFields) {
      if (key !== "metadata.name" || operator !== "In") continue;
      const before = termNames;
      termNames = new Set((values ?? []).filter((value) => before?.has(value) ?? true));
    }
    if (!termNames) return undefined;
    names = new Set([...(names ?? []), ...termNames]);
  }
  return names;
};
