import type { Pod } from "../../api/types.ts";
import type { Random } from "../../base/random/random.ts";
import type { Attempt, Attempts } from "../attempts.ts";
import { snapshotOf, type ClusterState } from "../cache/snapshot.ts";
import { PodInfo } from "../framework/pod-info.ts";
import type { Profile } from "../framework/profile.ts";
import { explainAttempt } from "./attempt.ts";
import { explain, type Explanation } from "./explanation.ts";

/** Why a pod is where it is, or nowhere. */
export interface Placement extends Explanation {
  /** `decision`: as it was decided. `present`: as it would be decided now, with the pod taken from its node first. */
  readonly basis: "decision" | "present";
  /** The node that the pod has. */
  readonly boundTo?: string;
}

export interface PlacementOptions {
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly random: Random;
}

/** Explains a pod that waits, or one of whose placing nothing is remembered, by the cluster as it stands. */
export const explainPresent = (state: ClusterState, pod: Pod, { profiles, random }: PlacementOptions): Placement => {
  const { nodeName: boundTo, schedulerName = "default-scheduler" } = pod.spec ?? {};
  const own = profiles.get(schedulerName);
  const profile = own ?? profiles.get("default-scheduler") ?? [...profiles.values()][0]!;
  const others = state.pods.filter(({ metadata }) => metadata.uid !== pod.metadata.uid || metadata.name !== pod.metadata.name);
  const { nodeName: _nodeName, ...spec } = pod.spec;
  const explanation = explain(snapshotOf({ ...state, pods: others }), new PodInfo({ ...pod, spec }), profile, {
    random,
    ...(boundTo !== undefined && { chosen: boundTo }),
  });
  const key = `${pod.metadata.namespace ?? ""}/${pod.metadata.name ?? ""}`;
  const foreign = own ? "" : `${key} is left to the scheduler ${JSON.stringify(schedulerName)}; ${profile.schedulerName} would say: `;
  const bound = boundTo === undefined ? "" : `${key} is on ${boundTo}, and how it came there is not known; were it placed now: `;
  return {
    ...explanation,
    summary: `${bound}${foreign}${explanation.summary}`,
    basis: "present",
    ...(boundTo !== undefined && { boundTo }),
  };
};

/** Explains a pod that was placed by its attempt; undefined when the state does not show it any more. */
export const explainDecision = (
  state: ClusterState,
  attempt: Attempt,
  options: PlacementOptions & { readonly attempts: Attempts },
): Placement | undefined => {
  const explanation = explainAttempt(state, attempt, options);
  // Extenders, and what plugins kept to themselves, are not told again: another answer than was given would mislead.
  if (!explanation || explanation.node !== attempt.node) return undefined;
  return { ...explanation, basis: "decision", ...(attempt.node !== undefined && { boundTo: attempt.node }) };
};
