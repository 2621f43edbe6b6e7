import type { NodeInfo } from "../framework/node-info.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { Victims } from "../framework/plugin.ts";

/** What an extender makes of nodes. */
export interface ExtenderFilterResult {
  readonly kept: readonly string[];
  /** Why nodes were turned down, by name. */
  readonly failed: Readonly<Record<string, string>>;
  readonly failedAndUnresolvable: Readonly<Record<string, string>>;
}

/** Somebody outside who has a say in placements (framework.Extender). Methods that it has not, it has no say in. Failures are rejections. */
export interface Extender {
  readonly name: string;
  /** Its failures do not keep pods from being scheduled. */
  readonly ignorable: boolean;
  /** What its scores, 0 … 10, are multiplied with. */
  readonly weight: number;
  isInterested(pod: PodInfo): boolean;
  filter?(pod: PodInfo, nodes: readonly NodeInfo[]): Promise<ExtenderFilterResult>;
  /** Scores 0 … 10 by node. */
  prioritize?(pod: PodInfo, nodes: readonly NodeInfo[]): Promise<Readonly<Record<string, number>>>;
  /** The candidates that it agrees to. */
  preempt?(pod: PodInfo, candidates: readonly Victims[]): Promise<readonly Victims[]>;
  bind?(pod: PodInfo, nodeName: string): Promise<void>;
}
