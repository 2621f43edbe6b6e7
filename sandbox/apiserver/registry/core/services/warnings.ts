import type { Service } from "../../../../api/types.ts";
import { formatIP, parseCIDR, parseIP, type IPAddress } from "../../../../apimachinery/validation/ip.ts";

const hints = "service.kubernetes.io/topology-aware-hints";
const mode = "service.kubernetes.io/topology-mode";

/** GetWarningsForService. */
export const serviceWarnings = ({ metadata, spec = {} }: Service): string[] => {
  const warnings: string[] = [];
  if (metadata.annotations?.[hints] !== undefined) warnings.push(`annotation ${hints} is deprecated, please use ${mode} instead`);
  const addresses = spec.clusterIPs ?? (spec.clusterIP === undefined ? [] : [spec.clusterIP]);
  if (addresses[0] !== "None") for (const [at, ip] of addresses.entries()) warnings.push(...addressWarnings(ip, `spec.clusterIPs[${at}]`));
  for (const [at, ip] of (spec.externalIPs ?? []).entries()) warnings.push(...addressWarnings(ip, `spec.externalIPs[${at}]`));
  if (spec.loadBalancerIP) warnings.push(...addressWarnings(spec.loadBalancerIP, "spec.loadBalancerIP"));
  for (const [at, range] of (spec.loadBalancerSourceRanges ?? []).entries())
    warnings.push(...networkWarnings(range, `spec.loadBalancerSourceRanges[${at}]`));
  if (spec.type === "ExternalName" && (spec.externalIPs ?? []).length > 0)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== "ExternalName" && spec.externalName) warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  return warnings;
};

/** GetWarningsForIP: addresses that others may read otherwise. */
export const addressWarnings = (text: string, path: string): string[] => {
  const address = parseIP(text);
  if (!address) return [];
  if (!parseIP(text, { sloppy: false }))
    return [`${path}: IP address was accepted, but will be invalid in a future Kubernetes release: ${leadingZero(text)}`];
  const canonical = canonicalText(address, text);
  if (!text.includes(":") || canonical === text) return [];
  return [`${path}: IPv6 address "${text}" is not in RFC 5952 canonical format ("${canonical}"), which may cause controller apply-loops`];
};

/** GetWarningsForCIDR. */
const networkWarnings = (text: string, path: string): string[] => {
  const network = parseCIDR(text);
  if (!network) return [];
  const host = text.slice(0, text.indexOf("/"));
  if (!parseIP(host, { sloppy: false })) {
    const problem = `netip.ParsePrefix(${JSON.stringify(text)}): ${leadingZero(host)}`;
    return [`${path}: IP prefix was accepted, but will be invalid in a future Kubernetes release: ${problem}`];
  }
  const canonical = `${canonicalText(network.address, host)}/${network.prefix}`;
  if (!text.includes(":") || canonical === text) return [];
  return [`${path}: IPv6 prefix "${text}" is not in RFC 5952 canonical format ("${canonical}"), which may cause controller apply-loops`];
};

const leadingZero = (text: string): string => `ParseAddr(${JSON.stringify(text)}): IPv4 field has octet with leading zero`;

/** An IPv4 address that is written as IPv6 stays so. */
const canonicalText = (address: IPAddress, text: string): string =>
  address.family === 4 && text.includes(":") ? `::ffff:${formatIP(address)}` : formatIP(address);
