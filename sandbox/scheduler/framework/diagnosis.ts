import type { NodeInfo } from "./node-info.ts";
import type { Rejection } from "./rejection.ts";

/** Why no node would do (framework.Diagnosis). */
export interface Diagnosis {
  /** How many nodes there are. */
  readonly nodes: number;
  /** The nodes that were tried in vain, and the first "no" of each. */
  readonly rejectedNodes: readonly NodeInfo[];
  readonly rejections: readonly Rejection[];
  /** What holds for the nodes that were not tried. */
  readonly untried?: Rejection;
  /** Set when a plugin turned the pod away before any node was looked at. */
  readonly preFilterMessage?: string;
  /** Names of the plugins that said no; their events wake the pod. */
  readonly plugins: ReadonlySet<string>;
  /** Those among them that only asked to wait. */
  readonly pendingPlugins: ReadonlySet<string>;
}

/** Nobody said no. */
export const noRejections = { rejectedNodes: [], rejections: [], plugins: new Set<string>(), pendingPlugins: new Set<string>() } as const;

/** The rejections by the names of their nodes. */
export const rejectionsByNode = ({ rejectedNodes, rejections }: Diagnosis): ReadonlyMap<string, Rejection> =>
  new Map(rejectedNodes.map(({ name }, at) => [name, rejections[at]!]));

/** What a pod without any node is told. */
export const noNodesMessage = "no nodes available to schedule pods";

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …` (FitError.Error). */
export const fitErrorMessage = (
  diagnosis: Pick<Diagnosis, "nodes" | "rejections" | "untried" | "preFilterMessage">,
  postFilterMessage = "",
): string => {
  const { nodes, rejections, untried, preFilterMessage } = diagnosis;
  let message = `0/${String(nodes)} nodes are available:`;
  if (preFilterMessage) message += ` ${preFilterMessage}.`;
  else {
    const counts = new Map<string, number>();
    const count = (reason: string, times: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + times);
    for (const { reasons } of rejections) for (const reason of reasons) count(reason, 1);
    if (rejections.length < nodes) for (const reason of untried?.reasons ?? []) count(reason, nodes - rejections.length);
    const sentences = [...counts].map(([reason, times]) => `${String(times)} ${reason}`).sort();
    if (sentences.length > 0) message += ` ${sentences.join(", ")}.`;
  }
  return postFilterMessage ? `${message} ${postFilterMessage}` : message;
};
