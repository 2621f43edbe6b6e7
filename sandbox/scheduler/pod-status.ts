import { pods } from "../api/resources.ts";
import type { Pod, PodCondition } from "../api/types.ts";
import { toTime, type Clock } from "../base/clock/clock.ts";
import type { Client } from "../client/client.ts";

type Condition = Pick<PodCondition, "type" | "status" | "reason" | "message">;

/** The condition as it is to be written; undefined when the pod has it already (podutil.UpdatePodCondition). */
const changedCondition = ({ status }: Pod, condition: Condition, clock: Clock): PodCondition | undefined => {
  const known = (status?.conditions ?? []).find(({ type }) => type === condition.type);
  if (known && known.status === condition.status && known.reason === condition.reason && known.message === condition.message)
    return undefined;
  const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : toTime(clock.now());
  return { ...condition, lastProbeTime: null as never, lastTransitionTime };
};

/**
 * Writes a condition and the nominated node into a pod's status, if that changes anything. `nominatedNodeName` empty clears it, undefined leaves it.
 */
export const patchPodStatus = async (
  client: Client,
  clock: Clock,
  pod: Pod,
  condition: Condition | undefined,
  nominatedNodeName?: string,
): Promise<void> => {
  const changed = condition && changedCondition(pod, condition, clock);
  const renominated = nominatedNodeName !== undefined && nominatedNodeName !== (pod.status?.nominatedNodeName ?? "");
  if (!changed && !renominated) return;
  const { namespace, name = "", uid } = pod.metadata;
  const status = {
    ...(changed && { conditions: [changed] }),
    ...(renominated && { nominatedNodeName: nominatedNodeName || null }),
  };
  await client.patch(pods, { namespace, name }, { type: "strategic", body: { metadata: { uid }, status } }, { subresource: "status" });
};
