import type { Plugin } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import type { NodeInfo } from "../framework/node-info.ts";
import { unschedulable } from "../framework/rejection.ts";
import { isExtendedResource } from "../framework/resources.ts";
import { requestsKey, resourceScorer, type ResourceSpec, type ResourceScore } from "./resource-allocation.ts";
import { leastAllocated, mostAllocated, requestedToCapacityRatio, type UtilizationPoint } from "./allocation-strategies.ts";
import { fitRetries } from "./node-resources-fit-retries.ts";

/** NodeResourcesFitArgs. */
export interface NodeResourcesFitArgs {
  readonly ignoredResources?: readonly string[];
  /** The part of a resource's name before the slash. */
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy: ScoringStrategy;
}

export interface ScoringStrategy {
  readonly type: "LeastAllocated" | "MostAllocated" | "RequestedToCapacityRatio";
  readonly resources: readonly ResourceSpec[];
  readonly requestedToCapacityRatio?: { readonly shape: readonly UtilizationPoint[] };
}

const name = "NodeResourcesFit";

const strategyOf = ({ type, requestedToCapacityRatio: ratio }: ScoringStrategy): ResourceScore => {
  switch (type) {
    case "LeastAllocated":
      return leastAllocated;
    case "MostAllocated":
      return mostAllocated;
    case "RequestedToCapacityRatio":
      return requestedToCapacityRatio(ratio?.shape ?? []);
  }
};

/** Keeps pods off nodes that have not enough left of what they request, and scores nodes by what would be left. */
export const nodeResourcesFit = ({ ignoredResources, ignoredResourceGroups, scoringStrategy }: NodeResourcesFitArgs): Plugin => {
  const ignored = new Set(ignoredResources);
  const ignoredGroups = new Set(ignoredResourceGroups);
  const isIgnored = (resource: string): boolean =>
    isExtendedResource(resource) && (ignored.has(resource) || ignoredGroups.has(resource.split("/")[0] ?? ""));
  const scoreOf = resourceScorer(scoringStrategy.resources, strategyOf(scoringStrategy), "nonZero");
  return {
    name,
    retryOn: fitRetries,
    key: requestsKey,
    filter(pod, node) {
      const lacking = lackingOn(node, pod, isIgnored);
      return lacking && unschedulable(name, ...lacking);
    },
    score: scoreOf,
  };
};

/** What a node lacks for a pod, in upstream's words; undefined when nothing (fitsRequest). */
export const lackingOn = (node: NodeInfo, { requests }: PodInfo, isIgnored: (resource: string) => boolean): string[] | undefined => {
  let lacking: string[] | undefined;
  const lacks = (reason: string): void => void (lacking ??= []).push(reason);
  const { allocatable, requested } = node;
  if (node.pods.length + 1 > node.allowedPods) lacks("Too many pods");
  if (requests.milliCPU > 0 && requests.milliCPU > allocatable.milliCPU - requested.milliCPU) lacks("Insufficient cpu");
  if (requests.memory > 0 && requests.memory > allocatable.memory - requested.memory) lacks("Insufficient memory");
  if (requests.ephemeralStorage > 0 && requests.ephemeralStorage > allocatable.ephemeralStorage - requested.ephemeralStorage)
    lacks("Insufficient ephemeral-storage");
  for (const [resource, amount] of requests.scalar) {
    if (amount === 0 || isIgnored(resource)) continue;
    if (amount > (allocatable.scalar.get(resource) ?? 0) - (requested.scalar.get(resource) ?? 0)) lacks(`Insufficient ${resource}`);
  }
  return lacking;
};
