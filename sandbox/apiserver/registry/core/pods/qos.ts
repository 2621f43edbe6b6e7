import type { Container, Pod, PodSpec, ResourceRequirements } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { Quantity } from "../../../../apimachinery/quantity/quantity.ts";

export type QOSClass = "BestEffort" | "Burstable" | "Guaranteed";

const counted = ["cpu", "memory"] as const;

/** How well a pod is treated when its node runs short (ComputePodQOS): by the cpu and memory its containers ask for and may take. */
export const computeQOS = (spec: PodSpec, isPodLevelEnabled = false): QOSClass => {
  if (isPodLevelEnabled && spec.resources && (spec.resources.limits || spec.resources.requests))
    return qosOf([{ resources: spec.resources }]);
  return qosOf([...(spec.containers ?? []), ...(spec.initContainers ?? [])]);
};

const qosOf = (containers: readonly Pick<Container, "resources">[]): QOSClass => {
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  let isGuaranteed = true;
  for (const { resources } of containers) {
    add(requests, resources?.requests);
    if (add(limits, resources?.limits) < counted.length) isGuaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  const isSame = [...requests].every(([name, amount]) => limits.get(name)?.equals(amount));
  return isGuaranteed && isSame && requests.size === limits.size ? "Guaranteed" : "Burstable";
};

/** Adds what is positive; answers how many of the counted resources that were. */
const add = (total: Map<string, Quantity>, amounts: ResourceRequirements["limits"]): number => {
  let found = 0;
  for (const name of counted) {
    const amount = amounts?.[name];
    if (amount === undefined) continue;
    const quantity = quantityOf(amount);
    if (quantity.sign() <= 0) continue;
    found++;
    total.set(name, (total.get(name) ?? Quantity.zero).add(quantity));
  }
  return found;
};

/** The class that the pod was given, or would be (GetPodQOS). */
export const qosClassOf = ({ spec, status }: Pod, isPodLevelEnabled = false): string =>
  status?.qosClass || computeQOS(spec ?? { containers: [] }, isPodLevelEnabled);
