import type { Plugin } from "../framework/plugin.ts";
import { balanced } from "./allocation-strategies.ts";
import { requestsKey, resourceScorer, type ResourceSpec } from "./resource-allocation.ts";

/** NodeResourcesBalancedAllocationArgs. */
export interface NodeResourcesBalancedAllocationArgs {
  readonly resources: readonly ResourceSpec[];
}

/** Prefers nodes on which the pod would leave all resources about equally used. */
export const nodeResourcesBalancedAllocation = ({ resources }: NodeResourcesBalancedAllocationArgs): Plugin => ({
  name: "NodeResourcesBalancedAllocation",
  key: requestsKey,
  score: resourceScorer(resources, balanced, "asRequested"),
});
