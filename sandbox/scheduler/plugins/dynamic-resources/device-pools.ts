import type { Device, ResourceSlice } from "../../../api/types.ts";
import { valueOf } from "../../framework/resources.ts";
import type { NodeInfo } from "../../framework/node-info.ts";
import { nodeSelectorOf } from "../../framework/node-selector.ts";

/** A device that a node can reach. */
export interface PooledDevice {
  readonly device: Device;
  readonly driver: string;
  readonly pool: string;
  /** `driver/pool/device`. */
  readonly id: string;
  /** The slice that says who can reach it. */
  readonly slice: ResourceSlice;
  /** Some slices of its pool are not published yet. */
  readonly incomplete: boolean;
}

export const deviceId = (driver: string, pool: string, device: string): string => `${driver}/${pool}/${device}`;

const poolKey = ({ spec }: ResourceSlice): string => `${spec.driver}/${spec.pool.name}`;

/** The slices of each pool's newest generation: older ones are on their way out. */
const newest = (slices: readonly ResourceSlice[]): ReadonlyMap<string, readonly ResourceSlice[]> => {
  const pools = new Map<string, ResourceSlice[]>();
  for (const slice of slices) {
    const key = poolKey(slice);
    const known = pools.get(key);
    const generation = known?.[0]?.spec.pool.generation ?? -1;
    if (slice.spec.pool.generation > generation) pools.set(key, [slice]);
    else if (slice.spec.pool.generation === generation) known!.push(slice);
  }
  return pools;
};

const isReachable = (slice: ResourceSlice, device: Device, node: NodeInfo): boolean => {
  const { nodeName, nodeSelector, allNodes } = slice.spec.perDeviceNodeSelection ? device : slice.spec;
  if (allNodes) return true;
  if (nodeName) return nodeName === node.name;
  return nodeSelector !== undefined && nodeSelectorOf(nodeSelector)(node);
};

/** All devices that a node can reach, in the order of their pools and slices. */
export const devicesFor = (node: NodeInfo, slices: readonly ResourceSlice[]): readonly PooledDevice[] => {
  const devices: PooledDevice[] = [];
  for (const pool of newest(slices).values()) {
    const incomplete = pool.length < (pool[0]?.spec.pool.resourceSliceCount ?? 0);
    for (const slice of pool) {
      const {
        driver,
        pool: { name },
      } = slice.spec;
      for (const device of slice.spec.devices ?? [])
        if (isReachable(slice, device, node))
          devices.push({ device, driver, pool: name, id: deviceId(driver, name, device.name), slice, incomplete });
    }
  }
  return devices;
};

/** What is left of the counters that the devices of pools share, by `driver/pool/set/counter`. */
export const countersOf = (slices: readonly ResourceSlice[], taken: ReadonlySet<string>): Map<string, number> => {
  const left = new Map<string, number>();
  for (const pool of newest(slices).values()) {
    for (const slice of pool)
      for (const { name, counters } of slice.spec.sharedCounters ?? [])
        for (const [counter, { value }] of Object.entries(counters)) left.set(`${poolKey(slice)}/${name}/${counter}`, valueOf(value));
    for (const slice of pool)
      for (const device of slice.spec.devices ?? [])
        if (taken.has(deviceId(slice.spec.driver, slice.spec.pool.name, device.name))) consume(left, poolKey(slice), device, 1);
  }
  return left;
};

/** Takes what a device needs from the counters; `sign` -1 gives it back. */
export const consume = (left: Map<string, number>, pool: string, device: Device, sign: 1 | -1): void => {
  for (const { counterSet, counters } of device.consumesCounters ?? [])
    for (const [counter, { value }] of Object.entries(counters)) {
      const key = `${pool}/${counterSet}/${counter}`;
      left.set(key, (left.get(key) ?? 0) - sign * valueOf(value));
    }
};

export const hasCounters = (left: ReadonlyMap<string, number>, pool: string, device: Device): boolean =>
  (device.consumesCounters ?? []).every(({ counterSet, counters }) =>
    Object.entries(counters).every(([counter, { value }]) => (left.get(`${pool}/${counterSet}/${counter}`) ?? 0) >= valueOf(value)),
  );
