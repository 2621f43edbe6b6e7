import { QuantityError, quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { isQualifiedName } from "../../../../apimachinery/validation/names.ts";

const hugePagesPrefix = "hugepages-";
const containerResources: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage"]);
const quotaCounts = [
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "persistentvolumeclaims",
  "configmaps",
  "services.nodeports",
  "services.loadbalancers",
];
const requestsAndLimits = [
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
];
const quotaResources: ReadonlySet<string> = new Set(["cpu", "memory", "ephemeral-storage", ...requestsAndLimits, ...quotaCounts]);
const standardResources: ReadonlySet<string> = new Set([...quotaResources, "storage"]);
const countedResources: ReadonlySet<string> = new Set(quotaCounts);

/** `hugepages-2Mi` (IsHugePageResourceName). */
export const isHugePages = (name: string): boolean => name.startsWith(hugePagesPrefix);

/** Whether the amount is a positive multiple of the page size that the name tells (IsHugePageResourceValueDivisible). */
export const isDivisibleHugePages = (name: string, amount: unknown): boolean => {
  const size = hugePagesSize(name);
  if (size === undefined || size <= 0) return false;
  return quantityOf(amount).value() % size === 0;
};

const hugePagesSize = (name: string): number | undefined => {
  try {
    return quantityOf(name.slice(hugePagesPrefix.length)).value();
  } catch (error) {
    if (error instanceof QuantityError) return undefined;
    throw error;
  }
};

/** Without a domain, or in a domain of Kubernetes (IsNativeResource). */
export const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");

/** Those that may be promised more often than they exist (IsOvercommitAllowed). */
export const isOvercommitAllowed = (name: string): boolean => isNative(name) && !isHugePages(name);

/** `example.com/gpu`: of somebody else's making, and such that a quota can name requests of it (IsExtendedResourceName). */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith("requests.") && isQualifiedName(`requests.${name}`).length === 0;

/** Those that come in whole numbers (IsIntegerResourceName). */
export const isInteger = (name: string): boolean => countedResources.has(name) || isExtended(name);

export const isStandardResource = (name: string): boolean =>
  standardResources.has(name) || name.startsWith("requests.hugepages-") || isHugePages(name);
export const isStandardContainerResource = (name: string): boolean => containerResources.has(name) || isHugePages(name);
export const isStandardQuotaResource = (name: string): boolean =>
  quotaResources.has(name) || isHugePages(name) || name.startsWith("requests.hugepages-");
