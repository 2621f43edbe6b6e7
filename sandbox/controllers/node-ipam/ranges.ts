import { addressAt, addressRange } from "../workloads/address-range.ts";

/** How a cluster's CIDRs are cut into those of its nodes. */
export interface NodeRanges {
  readonly clusterCidrs: readonly string[];
  readonly maskSizeIpv4: number;
  readonly maskSizeIpv6: number;
}

/** The lowest part of each of the cluster's CIDRs that no node has; undefined where one has run out. */
export const nextRanges = (
  { clusterCidrs, maskSizeIpv4, maskSizeIpv6 }: NodeRanges,
  taken: ReadonlySet<string>,
): readonly string[] | undefined => {
  const found = clusterCidrs.map((cidr) => {
    const range = addressRange(cidr);
    const mask = range.family === "IPv4" ? maskSizeIpv4 : maskSizeIpv6;
    const size = 1n << BigInt((range.family === "IPv4" ? 32 : 128) - mask);
    for (let offset = 0n; offset + size <= range.size; offset += size) {
      const part = `${addressAt(range, offset)}/${String(mask)}`;
      if (!taken.has(part)) return part;
    }
    return undefined;
  });
  return found.every((part) => part !== undefined) ? found : undefined;
};
