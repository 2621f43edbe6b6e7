import type { Node, Pod } from "../../api/types.ts";
import type { KubeObject } from "../../apimachinery/meta/types.ts";
import type { Random } from "../../base/random/random.ts";
import { snapshotOf, type ClusterState } from "../cache/snapshot.ts";
import type { ClusterObjects } from "../framework/cluster.ts";
import { PodInfo } from "../framework/pod-info.ts";
import type { Profile } from "../framework/profile.ts";
import { explain, type Explanation } from "./explanation.ts";

/** One way in which the cluster is thought to be different. */
export type Change =
  | { readonly kind: "node"; readonly node: Node }
  | { readonly kind: "no-node"; readonly name: string }
  | { readonly kind: "pod"; readonly pod: Pod }
  | { readonly kind: "no-pod"; readonly namespace: string; readonly name: string }
  | { readonly kind: "object"; readonly resource: keyof ClusterObjects; readonly object: KubeObject };

export interface WhatIfOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly random: Random;
}

/** Whether two objects of a kind bear the same name. */
export const isSame = (a: KubeObject, b: KubeObject): boolean =>
  a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;

const replaced = <T extends KubeObject>(objects: readonly T[], object: T): readonly T[] => [
  ...objects.filter((other) => !isSame(other, object)),
  object,
];

/** The state with one change made. */
export const changed = (state: ClusterState, change: Change): ClusterState => {
  switch (change.kind) {
    case "node":
      return { ...state, nodes: replaced(state.nodes, change.node) };
    case "no-node":
      return { ...state, nodes: state.nodes.filter(({ metadata }) => metadata.name !== change.name) };
    case "pod":
      return { ...state, pods: replaced(state.pods, change.pod) };
    case "no-pod":
      return {
        ...state,
        pods: state.pods.filter(({ metadata }) => metadata.name !== change.name || metadata.namespace !== change.namespace),
      };
    case "object": {
      const objects = state.objects?.[change.resource] ?? [];
      return { ...state, objects: { ...state.objects, [change.resource]: replaced(objects, change.object) } };
    }
  }
};

/**
 * Where pods would go if the cluster were different: one after the other, each counting for those after it. A pod that is in the state already is taken
 * from its node first.
 */
export const whatIf = (
  state: ClusterState,
  pods: readonly Pod[],
  changes: readonly Change[],
  { profiles, random }: WhatIfOptions,
): readonly Explanation[] => {
  const after = changes.reduce(changed, state);
  const others = after.pods.filter((other) => !pods.some((pod) => isSame(pod, other)));
  const cluster = snapshotOf({ ...after, pods: others });
  const explanations: Explanation[] = [];
  for (const pod of pods) {
    const profile = profiles.get(pod.spec?.schedulerName ?? "default-scheduler");
    if (!profile) continue;
    const { nodeName: _nodeName, ...spec } = pod.spec;
    const info = new PodInfo({ ...pod, spec });
    const explanation = explain(cluster, info, profile, { random });
    if (explanation.node !== undefined) cluster.placePod(info, explanation.node);
    explanations.push(explanation);
  }
  return explanations;
};
