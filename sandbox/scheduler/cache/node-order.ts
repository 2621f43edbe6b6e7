import type { NodeInfo } from "../framework/node-info.ts";

const zoneOf = ({ labels }: Pick<NodeInfo, "labels">): string => {
  const region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? "";
  const zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? "";
  return `${region}\0${zone}`;
};

/** One node of each zone in turn, so that a search that stops early has seen every zone (nodeTree.list). */
export const byZoneInTurn = (nodes: Iterable<NodeInfo>): NodeInfo[] => {
  const zones = new Map<string, NodeInfo[]>();
  for (const node of nodes) {
    const zone = zoneOf(node);
    const known = zones.get(zone);
    if (known) known.push(node);
    else zones.set(zone, [node]);
  }
  const ordered: NodeInfo[] = [];
  const lists = [...zones.values()];
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  for (let round = 0; round < longest; round++) for (const list of lists) if (round < list.length) ordered.push(list[round]!);
  return ordered;
};

/** Whether two versions of a node stand in different zones. */
export const changesZone = (before: NodeInfo["labels"], after: NodeInfo): boolean => zoneOf({ labels: before }) !== zoneOf(after);
