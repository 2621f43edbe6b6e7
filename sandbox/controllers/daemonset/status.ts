import type { DaemonSet, DaemonSetStatus, Node } from "../../api/types.ts";
import { compact, unlessZero } from "../workloads/counts.ts";
import { isPodAvailable, isPodReady } from "../workloads/pods.ts";
import { bySeniority, type PodsByNode } from "./plan.ts";
import { isUpdated, nodeShouldRun } from "./template.ts";

/** The status that the nodes and pods make; the oldest pod of a node stands for it. `now` in milliseconds. */
export const statusOf = (set: DaemonSet, nodes: readonly Node[], pods: PodsByNode, hash: string, now: number): DaemonSetStatus => {
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const here = pods.get(node.metadata.name ?? "") ?? [];
    if (!nodeShouldRun(set, node).run) {
      if (here.length > 0) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    const [pod] = bySeniority(here);
    if (!pod) continue;
    counts.current++;
    if (isPodReady(pod)) counts.ready++;
    if (isPodReady(pod) && isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now)) counts.available++;
    if (isUpdated(set, pod, hash)) counts.updated++;
  }
  return compact({
    ...set.status,
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled: unlessZero(counts.updated),
    numberAvailable: unlessZero(counts.available),
    numberUnavailable: unlessZero(counts.desired - counts.available),
  });
};
