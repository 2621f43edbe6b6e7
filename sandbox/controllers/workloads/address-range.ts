import ipaddr from "ipaddr.js";

/** A range of addresses that parts are taken from, in order. */
export interface AddressRange {
  readonly family: "IPv4" | "IPv6";
  readonly first: bigint;
  /** Addresses in it. */
  readonly size: bigint;
}

/** Reads `10.0.0.0/16` or `fd00::/64`. Throws where the text is no CIDR. */
export const addressRange = (cidr: string): AddressRange => {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const isV4 = address.kind() === "ipv4";
  const size = 1n << BigInt((isV4 ? 32 : 128) - prefix);
  const value = valueOf(address);
  return { family: isV4 ? "IPv4" : "IPv6", first: value - (value % size), size };
};

/** The address so far into the range. */
export const addressAt = ({ family, first }: AddressRange, offset: bigint): string => {
  const bytes = family === "IPv4" ? 4 : 16;
  const hex = (first + offset).toString(16).padStart(bytes * 2, "0");
  return ipaddr.fromByteArray([...Buffer.from(hex, "hex")]).toString();
};

/** Whether the address is in the range; false for what is no address. */
export const holdsAddress = ({ family, first, size }: AddressRange, text: string): boolean => {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if ((address.kind() === "ipv4") !== (family === "IPv4")) return false;
  const value = valueOf(address);
  return value >= first && value < first + size;
};

const valueOf = (address: ipaddr.IPv4 | ipaddr.IPv6): bigint => BigInt(`0x${Buffer.from(address.toByteArray()).toString("hex")}`);
