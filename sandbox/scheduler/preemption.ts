import { pods } from "../api/resources.ts";
import { hasReason } from "../apimachinery/errors/status.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Client } from "../client/client.ts";
import type { SeriesRecorder } from "../client/events/series-recorder.ts";
import type { Cluster } from "./framework/cluster.ts";
import type { Victims } from "./framework/plugin.ts";
import type { PodInfo } from "./framework/pod-info.ts";
import type { WaitingPods } from "./framework/waiting-pods.ts";
import { patchPodStatus } from "./pod-status.ts";

export interface PreemptionContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly recorder: SeriesRecorder;
  readonly waiting: WaitingPods;
}

/** Has the victims leave their node, and takes lesser pods' promises of room there back (prepareCandidate). */
export const preempt = async (preemptor: PodInfo, { node, pods: victims }: Victims, context: PreemptionContext): Promise<void> => {
  const { client, clock, cluster } = context;
  const lesser = cluster.nominatedPods(node.name).filter(({ priority }) => priority < preemptor.priority);
  await Promise.all(lesser.map(({ pod }) => unlessGone(patchPodStatus(client, clock, pod, undefined, ""))));
  await Promise.all(victims.map((victim) => evict(preemptor, victim, node.name, context)));
};

const evict = async (
  preemptor: PodInfo,
  victim: PodInfo,
  nodeName: string,
  { client, clock, recorder, waiting }: PreemptionContext,
): Promise<void> => {
  const { pod } = victim;
  if (pod.metadata.deletionTimestamp !== undefined) return;
  if (!waiting.reject(victim.uid, "DefaultPreemption", "preempted")) {
    const { namespace, name = "", uid } = pod.metadata;
    const gone = await unlessGone(
      patchPodStatus(client, clock, pod, {
        type: "DisruptionTarget",
        status: "True",
        reason: "PreemptionByScheduler",
        message: `${preemptor.pod.spec?.schedulerName ?? "default-scheduler"}: preempting to accommodate a higher priority pod`,
      }).then(() => client.delete(pods, { namespace, name }, { preconditions: { uid } })),
    );
    if (gone) return;
  }
  recorder.event(pod, preemptor.pod, "Normal", "Preempted", "Preempting", `Preempted by pod ${preemptor.uid} on node ${nodeName}`);
};

/** True when the object turned out to be gone, which is as good. */
const unlessGone = async (work: Promise<unknown>): Promise<boolean> => {
  try {
    await work;
    return false;
  } catch (error) {
    if (hasReason(error, "NotFound", "Conflict")) return true;
    throw error;
  }
};
