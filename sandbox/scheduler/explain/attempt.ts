import type { Pod } from "../../api/types.ts";
import type { Random } from "../../base/random/random.ts";
import type { Attempt, Attempts } from "../attempts.ts";
import { snapshotOf, type ClusterState } from "../cache/snapshot.ts";
import { PodInfo } from "../framework/pod-info.ts";
import type { Profile } from "../framework/profile.ts";
import { explain, type Explanation } from "./explanation.ts";

export interface ExplainAttemptOptions {
  readonly attempts: Attempts;
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly random: Random;
}

/** The pod as it was when it was tried: without a node. */
const unbound = (pod: Pod): Pod => {
  const { nodeName: _nodeName, ...spec } = pod.spec;
  return { ...pod, spec };
};

/**
 * Explains an attempt of the past. `state` is the cluster as the store had it at the attempt's revision; what the scheduler had placed by then and the
 * store did not show yet is counted in. Undefined when the pod or its profile is not there.
 */
export const explainAttempt = (
  state: ClusterState,
  attempt: Attempt,
  { attempts, profiles, random }: ExplainAttemptOptions,
): Explanation | undefined => {
  const profile = profiles.get(attempt.schedulerName);
  const pod = state.pods.find(({ metadata }) => metadata.uid === attempt.uid);
  if (!profile || !pod) return undefined;
  const assumed = new Map(attempts.placedBefore(attempt).map(({ uid, node }) => [uid, node]));
  const pods = state.pods
    .filter((other) => other !== pod)
    .map((other) => {
      const nodeName = other.spec?.nodeName ?? assumed.get(other.metadata.uid ?? "");
      return nodeName === undefined || other.spec?.nodeName ? other : { ...other, spec: { ...other.spec, nodeName } };
    });
  return explain(snapshotOf({ ...state, pods }), new PodInfo(unbound(pod)), profile, {
    random,
    start: attempt.start,
    ...(attempt.node !== undefined && { chosen: attempt.node }),
  });
};
