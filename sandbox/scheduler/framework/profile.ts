import type { Plugin } from "./plugin.ts";

export interface WeightedPlugin {
  readonly plugin: Plugin;
  readonly weight: number;
}

/** One configured way to schedule: which plugins run at which extension point, in which order (framework.Framework). */
export interface Profile {
  readonly schedulerName: string;
  /** 0 adapts to the size of the cluster. */
  readonly percentageOfNodesToScore: number;
  readonly preEnqueue: readonly Plugin[];
  readonly queueSort: Plugin;
  readonly preFilter: readonly Plugin[];
  readonly filter: readonly Plugin[];
  readonly postFilter: readonly Plugin[];
  readonly preScore: readonly Plugin[];
  readonly score: readonly WeightedPlugin[];
  readonly reserve: readonly Plugin[];
  readonly permit: readonly Plugin[];
  readonly preBind: readonly Plugin[];
  readonly bind: readonly Plugin[];
  readonly postBind: readonly Plugin[];
}
