import { parseQuantity } from "../../apimachinery/quantity/parse.ts";

/** Amounts of resources as the scheduler counts them (framework.Resource). Mutable: node totals are kept up in place. */
export interface Resources {
  /** Thousandths of a core. */
  milliCPU: number;
  /** Bytes. */
  memory: number;
  /** Bytes. */
  ephemeralStorage: number;
  /** Extended resources, huge pages and attachable volumes, by name. */
  readonly scalar: Map<string, number>;
}

export const noResources = (): Resources => ({ milliCPU: 0, memory: 0, ephemeralStorage: 0, scalar: new Map() });

/** Amounts as objects write them: `{ cpu: "500m" }`. */
export type ResourceList = Readonly<Record<string, string | number>>;

/** What a container that asks for none counts for when nodes are scored. */
export const defaultMilliCPURequest = 100;
export const defaultMemoryRequest = 200 * 1024 * 1024;

const bound = 10_000;
const values = new Map<string, number>();
const milliValues = new Map<string, number>();

const remembered = (memory: Map<string, number>, text: string, compute: () => number): number => {
  let value = memory.get(text);
  if (value === undefined) {
    if (memory.size >= bound) memory.clear();
    value = compute();
    memory.set(text, value);
  }
  return value;
};

/** Whole units, rounded up. Quantities repeat, so what was parsed once is remembered. */
export const valueOf = (quantity: string | number): number => {
  const text = String(quantity);
  return remembered(values, text, () => parseQuantity(text).value());
};

/** Thousandths, rounded up. */
export const milliValueOf = (quantity: string | number): number => {
  const text = String(quantity);
  return remembered(milliValues, text, () => parseQuantity(text).milliValue());
};

const isNative = (name: string): boolean => !name.includes("/") || name.includes("kubernetes.io/");

/** A resource that a device plugin or an administrator added (IsExtendedResourceName). */
export const isExtendedResource = (name: string): boolean => !isNative(name) && !name.startsWith("requests.");

/** A resource that is counted by name (schedutil.IsScalarResourceName). */
export const isScalarResource = (name: string): boolean =>
  isExtendedResource(name) || name.startsWith("hugepages-") || name.includes("kubernetes.io/") || name.startsWith("attachable-volumes-");

/** The amounts of a list as numbers; `pods` is not among them. */
export const resourcesOf = (list: ResourceList | undefined): Resources => {
  const resources = noResources();
  for (const name in list) setResource(resources, name, list[name]!);
  return resources;
};

const setResource = (resources: Resources, name: string, quantity: string | number): void => {
  if (name === "cpu") resources.milliCPU = milliValueOf(quantity);
  else if (name === "memory") resources.memory = valueOf(quantity);
  else if (name === "ephemeral-storage") resources.ephemeralStorage = valueOf(quantity);
  else if (isScalarResource(name)) resources.scalar.set(name, valueOf(quantity));
};

/** Adds `change` to `total` in place; `sign` -1 takes it away. */
export const addResources = (total: Resources, change: Resources, sign: 1 | -1 = 1): void => {
  total.milliCPU += sign * change.milliCPU;
  total.memory += sign * change.memory;
  total.ephemeralStorage += sign * change.ephemeralStorage;
  for (const [name, amount] of change.scalar) total.scalar.set(name, (total.scalar.get(name) ?? 0) + sign * amount);
};

/** Raises `total` in place to at least `floor`, resource by resource. */
export const raiseResources = (total: Resources, floor: Resources): void => {
  total.milliCPU = Math.max(total.milliCPU, floor.milliCPU);
  total.memory = Math.max(total.memory, floor.memory);
  total.ephemeralStorage = Math.max(total.ephemeralStorage, floor.ephemeralStorage);
  for (const [name, amount] of floor.scalar) total.scalar.set(name, Math.max(total.scalar.get(name) ?? 0, amount));
};

/** The amount of one resource, by its API name. */
export const amountOf = (resources: Resources, name: string): number => {
  if (name === "cpu") return resources.milliCPU;
  if (name === "memory") return resources.memory;
  if (name === "ephemeral-storage") return resources.ephemeralStorage;
  return resources.scalar.get(name) ?? 0;
};
