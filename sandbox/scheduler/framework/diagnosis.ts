import type { Rejection } from "./rejection.ts";

/** Why no node would do (framework.Diagnosis). */
export interface Diagnosis {
  /** How many nodes there are. */
  readonly nodes: number;
  /** The first "no" of each node that was tried, by name. */
  readonly rejected: ReadonlyMap<string, Rejection>;
  /** What holds for the nodes that were not tried. */
  readonly untried?: Rejection;
  /** Set when a plugin turned the pod away before any node was looked at. */
  readonly preFilterMessage?: string;
  /** Names of the plugins that said no; their events wake the pod. */
  readonly plugins: ReadonlySet<string>;
  /** Those among them that only asked to wait. */
  readonly pendingPlugins: ReadonlySet<string>;
}

/** What a pod without any node is told. */
export const noNodesMessage = "no nodes available to schedule pods";

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. preemption: …` (FitError.Error). */
export const fitErrorMessage = (diagnosis: Omit<Diagnosis, "plugins" | "pendingPlugins">, postFilterMessage = ""): string => {
  const { nodes, rejected, untried, preFilterMessage } = diagnosis;
  let message = `0/${String(nodes)} nodes are available:`;
  if (preFilterMessage) message += ` ${preFilterMessage}.`;
  else {
    const counts = new Map<string, number>();
    const count = (reason: string, times: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + times);
    for (const { reasons } of rejected.values()) for (const reason of reasons) count(reason, 1);
    if (rejected.size < nodes) for (const reason of untried?.reasons ?? []) count(reason, nodes - rejected.size);
    const sentences = [...counts].map(([reason, times]) => `${String(times)} ${reason}`).sort();
    if (sentences.length > 0) message += ` ${sentences.join(", ")}.`;
  }
  return postFilterMessage ? `${message} ${postFilterMessage}` : message;
};
