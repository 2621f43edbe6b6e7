/**
 * IP addresses and networks as Go's `net` package reads them. "Sloppy" forgives leading zeros in IPv4 (ParseIPSloppy): most fields of the API do.
 * An IPv4 address inside IPv6 (`::ffff:1.2.3.4`) counts as IPv4, as in Go.
 */

export interface IPAddress {
  readonly family: 4 | 6;
  /** 4 or 16 bytes. */
  readonly bytes: readonly number[];
}

export interface Network {
  /** The address as written, with its host bits. */
  readonly address: IPAddress;
  /** Bits of the mask. */
  readonly prefix: number;
}

const parseIPv4 = (text: string, sloppy: boolean): number[] | undefined => {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const octets: number[] = [];
  for (const part of parts) {
    if (!/^[0-9]+$/.test(part) || Number(part) > 255 || (!sloppy && part.length > 1 && part.startsWith("0"))) return undefined;
    octets.push(Number(part));
  }
  return octets;
};

const groupsOf = (text: string, sloppy: boolean): number[] | undefined => {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [at, group] of groups.entries()) {
    if (at === groups.length - 1 && group.includes(".")) {
      const octets = parseIPv4(group, sloppy);
      if (!octets) return undefined;
      bytes.push(...octets);
      continue;
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
    const value = Number.parseInt(group, 16);
    bytes.push(value >> 8, value & 255);
  }
  return bytes;
};

const parseIPv6 = (text: string, sloppy: boolean): number[] | undefined => {
  const halves = text.split("::");
  if (halves.length > 2 || text.length > 45) return undefined;
  const [head, tail] = [groupsOf(halves[0] ?? "", sloppy), groupsOf(halves[1] ?? "", sloppy)];
  if (!head || !tail || (halves.length === 2 && (halves[0] ?? "").includes("."))) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
};

/** Whether the bytes of an IPv6 address hold an IPv4 one. */
export const isMappedIPv4 = (bytes: readonly number[]): boolean =>
  bytes.length === 16 && bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;

/** The address a text stands for, or undefined where it is none. */
export const parseIP = (text: string, { sloppy = true }: { readonly sloppy?: boolean } = {}): IPAddress | undefined => {
  if (!text.includes(":")) {
    const bytes = parseIPv4(text, sloppy);
    return bytes && { family: 4, bytes };
  }
  const bytes = parseIPv6(text, sloppy);
  if (!bytes) return undefined;
  return isMappedIPv4(bytes) ? { family: 4, bytes: bytes.slice(12) } : { family: 6, bytes };
};

/** `10.0.0.0/8`: host bits may be set. */
export const parseCIDR = (text: string, { sloppy = true }: { readonly sloppy?: boolean } = {}): Network | undefined => {
  const slash = text.indexOf("/");
  const [host, mask] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^[0-9]{1,3}$/.test(mask)) return undefined;
  const address = parseIP(host, { sloppy });
  const mapped = address?.family === 4 && host.includes(":");
  const most = address?.family === 4 && !mapped ? 32 : 128;
  if (!address || Number(mask) > most || (!sloppy && mask.length > 1 && mask.startsWith("0"))) return undefined;
  return { address, prefix: Number(mask) };
};

/** The canonical text of an address (RFC 5952). */
export const formatIP = ({ family, bytes }: IPAddress): string => {
  if (family === 4) return bytes.join(".");
  const groups = Array.from({ length: 8 }, (_, at) => ((bytes[2 * at] ?? 0) << 8) | (bytes[2 * at + 1] ?? 0));
  let [from, length] = [-1, 1];
  for (let at = 0; at < 8; at++) {
    let end = at;
    while (end < 8 && groups[end] === 0) end++;
    if (end - at > length) [from, length] = [at, end - at];
    at = Math.max(at, end - 1);
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  return from < 0 ? hex(groups) : `${hex(groups.slice(0, from))}::${hex(groups.slice(from + length))}`;
};

/** The network's first address: the written one without its host bits. */
export const networkAddress = ({ address, prefix }: Network): IPAddress => ({
  family: address.family,
  bytes: address.bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * at))) & 255),
});

/** Whether an address lies in a network. */
export const networkContains = (network: Network, address: IPAddress): boolean => {
  if (network.address.family !== address.family) return false;
  const first = networkAddress(network).bytes;
  return networkAddress({ address, prefix: network.prefix }).bytes.every((byte, at) => byte === first[at]);
};

export const isValidIP = (value: string): string[] =>
  parseIP(value) ? [] : ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
export const isValidIPv4Address = (value: string): string[] => (parseIP(value)?.family === 4 ? [] : ["must be a valid IPv4 address"]);
export const isValidIPv6Address = (value: string): string[] => (parseIP(value)?.family === 6 ? [] : ["must be a valid IPv6 address"]);
export const isValidCIDR = (value: string): string[] =>
  parseCIDR(value) ? [] : ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
