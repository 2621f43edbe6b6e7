import type { Node } from "../../api/types.ts";
import type { ControllerOptions } from "../options.ts";
import { readyCondition } from "./health.ts";

/** How much of a zone is down. */
export type ZoneState = "Normal" | "PartialDisruption" | "FullDisruption";

/** A node's region and zone (GetZoneKey); one zone for all that say nothing. */
export const zoneOf = ({ metadata }: Node): string => {
  const { labels = {} } = metadata;
  const region = labels["topology.kubernetes.io/region"] ?? labels["failure-domain.beta.kubernetes.io/region"] ?? "";
  const zone = labels["topology.kubernetes.io/zone"] ?? labels["failure-domain.beta.kubernetes.io/zone"] ?? "";
  return region === "" && zone === "" ? "" : `${region}:\0:${zone}`;
};

/** ComputeZoneState */
export const zoneState = (nodes: readonly Node[], { unhealthyZoneThreshold }: ControllerOptions): ZoneState => {
  const ready = nodes.filter((node) => readyCondition(node)?.status === "True").length;
  const notReady = nodes.length - ready;
  if (ready === 0 && notReady > 0) return "FullDisruption";
  return notReady > 2 && notReady / nodes.length >= unhealthyZoneThreshold ? "PartialDisruption" : "Normal";
};

/** Nodes a second that may be evicted from in such a zone; none where every zone is down, for then the fault is likely ours. */
export const evictionRate = (state: ZoneState, size: number, allDown: boolean, options: ControllerOptions): number => {
  if (allDown) return 0;
  if (state !== "PartialDisruption") return options.nodeEvictionRate;
  return size > options.largeClusterSizeThreshold ? options.secondaryNodeEvictionRate : 0;
};
