import { fromTime, toTime } from "../../base/clock/clock.ts";
import type { Lease, Node, NodeCondition } from "../../api/types.ts";

/** What was last heard of a node, by our own clock: the node's may be wrong. */
export interface NodeHealth {
  readonly ready: NodeCondition | undefined;
  readonly renewTime: string | undefined;
  /** When it last gave a sign of life, in milliseconds. */
  readonly probed: number;
}

/** Conditions that nobody stands behind when a node is silent. */
const silenced = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

export const readyCondition = ({ status }: Node): NodeCondition | undefined => status?.conditions?.find(({ type }) => type === "Ready");

const createdAt = ({ metadata }: Node): number => fromTime(metadata.creationTimestamp ?? undefined) ?? 0;

/** The health after this look: a new heartbeat or a renewed lease is a sign of life; `now` in milliseconds (tryUpdateNodeHealth). */
export const heardOf = (node: Node, lease: Lease | undefined, before: NodeHealth | undefined, now: number): NodeHealth => {
  const ready = readyCondition(node);
  const renewTime = lease?.spec?.renewTime;
  if (!before) return { ready, renewTime, probed: ready ? now : createdAt(node) };
  const hasBeaten = (ready === undefined) !== (before.ready === undefined) || ready?.lastHeartbeatTime !== before.ready?.lastHeartbeatTime;
  const hasRenewed =
    renewTime !== undefined && (before.renewTime === undefined || (fromTime(renewTime) ?? 0) > (fromTime(before.renewTime) ?? 0));
  return { ready, renewTime: renewTime ?? before.renewTime, probed: hasBeaten || hasRenewed ? now : before.probed };
};

/** A silent node's conditions: all unknown; `now` in milliseconds. The same list where they are that already. */
export const silencedConditions = (node: Node, now: number): readonly NodeCondition[] => {
  const current = node.status?.conditions ?? [];
  const time = toTime(now);
  let changed = false;
  const conditions = current.map((condition) => {
    if (!silenced.includes(condition.type) || condition.status === "Unknown") return condition;
    changed = true;
    return {
      ...condition,
      status: "Unknown",
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
      lastTransitionTime: time,
    };
  });
  for (const type of silenced) {
    if (current.some((condition) => condition.type === type)) continue;
    changed = true;
    conditions.push({
      ...{ type, status: "Unknown", reason: "NodeStatusNeverUpdated", message: "Kubelet never posted node status." },
      ...{ lastHeartbeatTime: node.metadata.creationTimestamp ?? time, lastTransitionTime: time },
    });
  }
  return changed ? conditions : current;
};
