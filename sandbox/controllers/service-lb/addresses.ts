import type { Service } from "../../api/types.ts";
import { addressAt, addressRange, holdsAddress } from "../workloads/address-range.ts";

/** The addresses that load balancers have given to a Service. */
export const addressesOf = ({ status }: Service): readonly string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip === undefined ? [] : [ip]));

/**
 * The addresses of a Service's load balancer: one for each of its families that the pool has. What it has it keeps, what it asks for
 * by `spec.loadBalancerIP` it gets, else the lowest that is free. Undefined where there is none left.
 */
export const chooseAddresses = (service: Service, pool: readonly string[], taken: ReadonlySet<string>): readonly string[] | undefined => {
  const { ipFamilies = ["IPv4"], loadBalancerIP } = service.spec ?? {};
  const ranges = pool.map(addressRange);
  const chosen: string[] = [];
  for (const family of ipFamilies) {
    const usable = ranges.filter((range) => range.family === family);
    const fits = (address: string): boolean => !taken.has(address) && usable.some((range) => holdsAddress(range, address));
    if (loadBalancerIP && loadBalancerIP.includes(":") === (family === "IPv6")) {
      if (!fits(loadBalancerIP)) return undefined;
      chosen.push(loadBalancerIP);
      continue;
    }
    const kept = addressesOf(service).find(fits);
    const address = kept ?? firstFree(usable, taken);
    if (address !== undefined) chosen.push(address);
  }
  return chosen.length > 0 ? chosen : undefined;
};

/** Neither the network's own address nor the last one. */
const firstFree = (ranges: readonly ReturnType<typeof addressRange>[], taken: ReadonlySet<string>): string | undefined => {
  for (const range of ranges)
    for (let offset = 1n; offset < range.size - 1n; offset++) {
      const address = addressAt(range, offset);
      if (!taken.has(address)) return address;
    }
  return undefined;
};
