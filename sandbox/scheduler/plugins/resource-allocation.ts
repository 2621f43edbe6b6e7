import type { NodeInfo } from "../framework/node-info.ts";
import type { PodInfo } from "../framework/pod-info.ts";
import { amountOf, isScalarResource } from "../framework/resources.ts";

/** A resource that counts, and how much. */
export interface ResourceSpec {
  readonly name: string;
  readonly weight: number;
}

/** Judges what would be requested of what there is; entries stand for `resources`, 0 allocatable means that one does not count. */
export type ResourceScore = (requested: readonly number[], allocatable: readonly number[], resources: readonly ResourceSpec[]) => number;

/** All of a pod's requests as text. */
export const requestsKey = ({ requests, nonZeroMilliCPU, nonZeroMemory }: PodInfo): string => {
  const { milliCPU, memory, ephemeralStorage, scalar } = requests;
  const plain = `${String(milliCPU)},${String(memory)},${String(ephemeralStorage)},${String(nonZeroMilliCPU)},${String(nonZeroMemory)}`;
  return scalar.size === 0 ? plain : `${plain},${JSON.stringify([...scalar].sort())}`;
};

/**
 * Scores a node by its resources after the pod (resourceAllocationScorer). `nonZero` counts containers that ask for no CPU or memory with a
 * default, `asRequested` with nothing.
 */
export const resourceScorer =
  (resources: readonly ResourceSpec[], judge: ResourceScore, counting: "nonZero" | "asRequested") =>
  (pod: PodInfo, node: NodeInfo): number => {
    const requested: number[] = [];
    const allocatable: number[] = [];
    for (const { name } of resources) {
      const asked = requestOf(pod, name, counting);
      const bypassed = asked === 0 && isScalarResource(name);
      const available = bypassed ? 0 : amountOf(node.allocatable, name);
      allocatable.push(available);
      requested.push(available === 0 ? 0 : requestedOn(node, name, counting) + asked);
    }
    return judge(requested, allocatable, resources);
  };

const requestOf = (pod: PodInfo, resource: string, counting: "nonZero" | "asRequested"): number => {
  if (counting === "nonZero" && resource === "cpu") return pod.nonZeroMilliCPU;
  if (counting === "nonZero" && resource === "memory") return pod.nonZeroMemory;
  return amountOf(pod.requests, resource);
};

const requestedOn = (node: NodeInfo, resource: string, counting: "nonZero" | "asRequested"): number => {
  if (counting === "nonZero" && resource === "cpu") return node.nonZeroMilliCPU;
  if (counting === "nonZero" && resource === "memory") return node.nonZeroMemory;
  return amountOf(node.requested, resource);
};
