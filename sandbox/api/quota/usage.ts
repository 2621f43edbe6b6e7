import type { PersistentVolumeClaim, Pod, Service } from "../types.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import { Quantity } from "../../apimachinery/quantity/quantity.ts";
import { fromTime } from "../../base/clock/clock.ts";
import { amountsOf, podLimits, podRequests, type Amounts } from "../pod-resources.ts";

/**
 * What objects use of a ResourceQuota: upstream's quota evaluators. Pure, shared by admission, which charges, and by the controller, which counts.
 */

interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

const one = Quantity.of(1);

/** `count/deployments.apps`, `count/secrets` */
export const countName = ({ group, resource }: GroupResource): string => `count/${group === "" ? resource : `${resource}.${group}`}`;

/** Core kinds whose number also goes by their bare name. */
const countedByName: ReadonlySet<string> = new Set(["configmaps", "resourcequotas", "replicationcontrollers", "secrets"]);

/** What one object uses. `now` is in milliseconds since the epoch. */
export const usageOf = (of: GroupResource, object: AnyObject, now: number): Amounts => {
  const usage = new Map([[countName(of), one]]);
  if (of.group !== "") return usage;
  switch (of.resource) {
    case "pods":
      return usageOfPod(object as unknown as Pod, usage, now);
    case "services":
      return usageOfService(object as unknown as Service, usage);
    case "persistentvolumeclaims":
      return usageOfClaim(object as unknown as PersistentVolumeClaim, usage);
    default:
      if (countedByName.has(of.resource)) usage.set(of.resource, one);
      return usage;
  }
};

/** Pods that have ended, or should have, use nothing but the place they take. */
export const isCounted = ({ metadata, status }: Pod, now: number): boolean => {
  if (status?.phase === "Failed" || status?.phase === "Succeeded") return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= (fromTime(deletionTimestamp) ?? now) + deletionGracePeriodSeconds * 1000;
};

const usageOfPod = (pod: Pod, usage: Map<string, Quantity>, now: number): Amounts => {
  if (!isCounted(pod, now)) return usage;
  usage.set("pods", one);
  for (const [name, amount] of computeUsage(podRequests(pod), podLimits(pod))) usage.set(name, amount);
  return usage;
};

/** Resources as quotas name them: `cpu` and `requests.cpu` are the same, `limits.cpu` is another. */
export const computeUsage = (requests: Amounts, limits: Amounts): Map<string, Quantity> => {
  const usage = new Map<string, Quantity>();
  for (const [name, amount] of requests) {
    if (isNative(name)) usage.set(name, amount);
    usage.set(`requests.${name}`, amount);
  }
  for (const name of ["cpu", "memory", "ephemeral-storage"]) {
    const amount = limits.get(name);
    if (amount) usage.set(`limits.${name}`, amount);
  }
  return usage;
};

const isNative = (name: string): boolean => ["cpu", "memory", "ephemeral-storage"].includes(name) || name.startsWith("hugepages-");

const usageOfService = ({ spec }: Service, usage: Map<string, Quantity>): Amounts => {
  usage.set("services", one);
  const ports = spec?.ports ?? [];
  if (spec?.type === "NodePort") usage.set("services.nodeports", Quantity.of(ports.length));
  if (spec?.type === "LoadBalancer") {
    const counted = spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort = 0 }) => nodePort !== 0) : ports;
    usage.set("services.nodeports", Quantity.of(counted.length));
    usage.set("services.loadbalancers", one);
  }
  return usage;
};

const usageOfClaim = ({ metadata, spec }: PersistentVolumeClaim, usage: Map<string, Quantity>): Amounts => {
  const className = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec?.storageClassName ?? "";
  const storage = amountsOf(spec?.resources?.requests).get("storage");
  usage.set("persistentvolumeclaims", one);
  if (className !== "") usage.set(`${className}${ofClass}persistentvolumeclaims`, one);
  if (storage) {
    usage.set("requests.storage", storage);
    if (className !== "") usage.set(`${className}${ofClass}requests.storage`, storage);
  }
  return usage;
};

const ofClass = ".storageclass.storage.k8s.io/";
const podNames: ReadonlySet<string> = new Set([
  "pods",
  "cpu",
  "memory",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
]);

/** Which of these names are about objects of that kind. */
export const namesFor = (of: GroupResource, names: readonly string[]): readonly string[] => {
  const count = countName(of);
  return names.filter((name) => name === count || (of.group === "" && concerns(of.resource, name)));
};

const concerns = (resource: string, name: string): boolean => {
  if (resource === "pods") return podNames.has(name) || /^(?:requests\.)?hugepages-/.test(name) || /^requests\.[^/]+\//.test(name);
  if (resource === "services") return name === "services" || name === "services.nodeports" || name === "services.loadbalancers";
  if (resource === "persistentvolumeclaims")
    return name === "persistentvolumeclaims" || name === "requests.storage" || name.includes(ofClass);
  return countedByName.has(resource) && name === resource;
};
