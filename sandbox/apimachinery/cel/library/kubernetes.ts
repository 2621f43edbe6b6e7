import { QuantityError, quantityOf } from "../../quantity/parse.ts";
import type { Quantity } from "../../quantity/quantity.ts";
import { formatIP, networkAddress, networkContains, parseCIDR, parseIP, type IPAddress, type Network } from "../../validation/ip.ts";
import {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
  nameIsDNS1035Label,
  nameIsDNSLabel,
  nameIsDNSSubdomain,
} from "../../validation/names.ts";
import { overload, type Overload } from "../functions.ts";
import { celCompare, celEquals, CelError, LiteralMap, Optional, Duration, Uint } from "../values.ts";
import { compilePattern } from "./pattern.ts";

const parsedQuantity = (text: string): Quantity => {
  try {
    return quantityOf(text);
  } catch (error) {
    throw new CelError(error instanceof QuantityError ? error.message : String(error));
  }
};

const can = (run: () => unknown): boolean => {
  try {
    run();
    return true;
  } catch {
    return false;
  }
};

const asInteger = (quantity: Quantity): bigint => {
  if (!quantity.isInteger()) throw new CelError("cannot convert value to integer");
  return quantity.scaled(0);
};

/** Amounts: `quantity("1Gi").isGreaterThan(quantity("1G"))`. */
const quantities: readonly Overload[] = [
  overload("quantity(string): kubernetes.Quantity", parsedQuantity),
  overload("isQuantity(string): bool", (text: string) => can(() => parsedQuantity(text))),
  overload("kubernetes.Quantity.sign(): int", (quantity: Quantity) => BigInt(quantity.sign())),
  overload("kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool", (a: Quantity, b: Quantity) => a.compare(b) > 0),
  overload("kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool", (a: Quantity, b: Quantity) => a.compare(b) < 0),
  overload("kubernetes.Quantity.compareTo(kubernetes.Quantity): int", (a: Quantity, b: Quantity) => BigInt(Math.sign(a.compare(b)))),
  overload("kubernetes.Quantity.asInteger(): int", asInteger),
  overload("kubernetes.Quantity.isInteger(): bool", (quantity: Quantity) => quantity.isInteger()),
  overload("kubernetes.Quantity.asApproximateFloat(): double", (quantity: Quantity) => quantity.approximate()),
  overload("kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity", (a: Quantity, b: Quantity) => a.add(b)),
  overload("kubernetes.Quantity.add(int): kubernetes.Quantity", (a: Quantity, b: bigint) => a.add(parsedQuantity(String(b)))),
  overload("kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity", (a: Quantity, b: Quantity) => a.subtract(b)),
  overload("kubernetes.Quantity.sub(int): kubernetes.Quantity", (a: Quantity, b: bigint) => a.subtract(parsedQuantity(String(b)))),
];

class IP {
  readonly celType = "net.IP";
  readonly address: IPAddress;
  constructor(address: IPAddress) {
    this.address = address;
  }
  equals(other: unknown): boolean {
    return other instanceof IP && formatIP(other.address) === formatIP(this.address);
  }
}

class CIDR {
  readonly celType = "net.CIDR";
  readonly network: Network;
  constructor(network: Network) {
    this.network = network;
  }
  equals(other: unknown): boolean {
    return (
      other instanceof CIDR &&
      other.network.prefix === this.network.prefix &&
      formatIP(other.network.address) === formatIP(this.network.address)
    );
  }
}

const strictly = { sloppy: false };

const parsedIP = (text: string): IP => {
  const address = text.includes(".") && text.includes(":") ? undefined : parseIP(text, strictly);
  if (!address)
    throw new CelError(
      `IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): unable to parse IP`,
    );
  return new IP(address);
};

const parsedCIDR = (text: string): CIDR => {
  const network = parseCIDR(text, strictly);
  if (!network)
    throw new CelError(`network address parse error during conversion from string: network.ParsePrefix(${JSON.stringify(text)})`);
  return new CIDR(network);
};

const first = ({ bytes }: IPAddress): number => bytes[0] ?? 0;
const isLoopback = ({ family, bytes }: IPAddress): boolean =>
  family === 4 ? first({ family, bytes }) === 127 : bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
const isUnspecified = ({ bytes }: IPAddress): boolean => bytes.every((byte) => byte === 0);
const isLinkLocalUnicast = ({ family, bytes }: IPAddress): boolean =>
  family === 4 ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && ((bytes[1] ?? 0) & 0xc0) === 0x80;
const isLinkLocalMulticast = ({ family, bytes }: IPAddress): boolean =>
  family === 4 ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0 : bytes[0] === 0xff && ((bytes[1] ?? 0) & 0x0f) === 2;
const isMulticast = ({ family, bytes }: IPAddress): boolean =>
  family === 4 ? first({ family, bytes }) >= 224 && first({ family, bytes }) < 240 : bytes[0] === 0xff;
const isBroadcast = ({ family, bytes }: IPAddress): boolean => family === 4 && bytes.every((byte) => byte === 255);

/** Addresses and networks. */
const network: readonly Overload[] = [
  overload("ip(string): net.IP", parsedIP),
  overload("isIP(string): bool", (text: string) => can(() => parsedIP(text))),
  overload("ip.isCanonical(string): bool", (text: string) => formatIP(parsedIP(text).address) === text),
  overload("net.IP.family(): int", ({ address }: IP) => BigInt(address.family)),
  overload("net.IP.isUnspecified(): bool", ({ address }: IP) => isUnspecified(address)),
  overload("net.IP.isLoopback(): bool", ({ address }: IP) => isLoopback(address)),
  overload("net.IP.isLinkLocalMulticast(): bool", ({ address }: IP) => isLinkLocalMulticast(address)),
  overload("net.IP.isLinkLocalUnicast(): bool", ({ address }: IP) => isLinkLocalUnicast(address)),
  overload(
    "net.IP.isGlobalUnicast(): bool",
    ({ address }: IP) => ![isLoopback, isUnspecified, isLinkLocalUnicast, isMulticast, isBroadcast].some((is) => is(address)),
  ),
  overload("string(net.IP): string", ({ address }: IP) => formatIP(address)),
  overload("cidr(string): net.CIDR", parsedCIDR),
  overload("isCIDR(string): bool", (text: string) => can(() => parsedCIDR(text))),
  overload("net.CIDR.containsIP(net.IP): bool", (a: CIDR, b: IP) => networkContains(a.network, b.address)),
  overload("net.CIDR.containsIP(string): bool", (a: CIDR, b: string) => networkContains(a.network, parsedIP(b).address)),
  overload(
    "net.CIDR.containsCIDR(net.CIDR): bool",
    (a: CIDR, b: CIDR) => b.network.prefix >= a.network.prefix && networkContains(a.network, b.network.address),
  ),
  overload(
    "net.CIDR.containsCIDR(string): bool",
    (a: CIDR, b: string) => parsedCIDR(b).network.prefix >= a.network.prefix && networkContains(a.network, parsedCIDR(b).network.address),
  ),
  overload("net.CIDR.ip(): net.IP", (a: CIDR) => new IP(a.network.address)),
  overload("net.CIDR.prefixLength(): int", (a: CIDR) => BigInt(a.network.prefix)),
  overload("net.CIDR.masked(): net.CIDR", (a: CIDR) => new CIDR({ address: networkAddress(a.network), prefix: a.network.prefix })),
  overload("string(net.CIDR): string", (a: CIDR) => `${formatIP(a.network.address)}/${String(a.network.prefix)}`),
].filter(({ name }) => name !== "isCanonical");

class Url {
  readonly celType = "kubernetes.URL";
  readonly url: URL;
  readonly isAbsolute: boolean;
  constructor(text: string) {
    this.isAbsolute = /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);
    if (!this.isAbsolute && !text.startsWith("/"))
      throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
    try {
      this.url = new URL(text, "relative://");
    } catch {
      throw new CelError(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI for request`);
    }
  }
  equals(other: unknown): boolean {
    return other instanceof Url && other.url.href === this.url.href;
  }
}

const urls: readonly Overload[] = [
  overload("url(string): kubernetes.URL", (text: string) => new Url(text)),
  overload("isURL(string): bool", (text: string) => can(() => new Url(text))),
  overload("kubernetes.URL.getScheme(): string", ({ url, isAbsolute }: Url) => (isAbsolute ? url.protocol.slice(0, -1) : "")),
  overload("kubernetes.URL.getHost(): string", ({ url, isAbsolute }: Url) => (isAbsolute ? url.host : "")),
  overload("kubernetes.URL.getHostname(): string", ({ url, isAbsolute }: Url) => (isAbsolute ? url.hostname.replace(/^\[|\]$/g, "") : "")),
  overload("kubernetes.URL.getPort(): string", ({ url }: Url) => url.port),
  overload("kubernetes.URL.getEscapedPath(): string", ({ url }: Url) => url.pathname),
  overload(
    "kubernetes.URL.getQuery(): map(string, list(string))",
    ({ url }: Url) => new LiteralMap([...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key)])),
  ),
];

const regexes: readonly Overload[] = [
  overload("string.find(string): string", (text: string, pattern: string) => {
    const matcher = compilePattern(pattern).matcher(text);
    return matcher.find() ? matcher.group() : "";
  }),
  ...["", ", int"].map((limit) =>
    overload(`string.findAll(string${limit}): list(string)`, (text: string, pattern: string, most = -1n) => {
      const matcher = compilePattern(pattern).matcher(text);
      const found: unknown[] = [];
      while ((most < 0n || found.length < Number(most)) && matcher.find()) found.push(matcher.group());
      return found;
    }),
  ),
];

const ordered = (a: unknown, b: unknown): number => celCompare(a, b) ?? 0;

const sum = (list: readonly unknown[]): unknown => {
  const [head, ...rest] = list;
  if (head === undefined) return 0n;
  return rest.reduce((total, value) => {
    if (total instanceof Duration && value instanceof Duration) return new Duration(total.nanos + value.nanos);
    if (total instanceof Uint && value instanceof Uint) return new Uint(total.value + value.value);
    return typeof total === "bigint" ? total + (value as bigint) : (total as number) + (value as number);
  }, head);
};

const extreme = (list: readonly unknown[], sign: number, name: string): unknown => {
  if (list.length === 0) throw new CelError(`${name} called on empty list`);
  return list.reduce((best, value) => (ordered(value, best) * sign > 0 ? value : best));
};

const distinct = (list: readonly unknown[]): unknown[] =>
  list.reduce<unknown[]>((kept, value) => (kept.some((each) => celEquals(each, value)) ? kept : [...kept, value]), []);

const flat = (list: readonly unknown[], depth: number): unknown[] =>
  list.flatMap((value) => (Array.isArray(value) && depth > 0 ? flat(value, depth - 1) : [value]));

const sliced = (list: readonly unknown[], from: bigint, to: bigint): unknown[] => {
  if (from < 0n || to < 0n) throw new CelError("cannot slice with negative indexes");
  if (to < from || Number(to) > list.length)
    throw new CelError(`cannot slice(${String(from)}, ${String(to)}), list is length ${String(list.length)}`);
  return list.slice(Number(from), Number(to));
};

const lists: readonly Overload[] = [
  overload("list(A).isSorted(): bool", (list: readonly unknown[]) =>
    list.every((value, at) => at === 0 || ordered(list[at - 1], value) <= 0),
  ),
  overload("list(A).sum(): A", sum),
  overload("list(A).min(): A", (list: readonly unknown[]) => extreme(list, -1, "min")),
  overload("list(A).max(): A", (list: readonly unknown[]) => extreme(list, 1, "max")),
  overload("list(A).indexOf(A): int", (list: readonly unknown[], value: unknown) =>
    BigInt(list.findIndex((each) => celEquals(each, value))),
  ),
  overload("list(A).lastIndexOf(A): int", (list: readonly unknown[], value: unknown) =>
    BigInt(list.findLastIndex((each) => celEquals(each, value))),
  ),
  overload("list(A).distinct(): list(A)", distinct),
  overload("list(A).sort(): list(A)", (list: readonly unknown[]) => list.toSorted(ordered)),
  overload("list(A).reverse(): list(A)", (list: readonly unknown[]) => list.toReversed()),
  overload("list(A).flatten(): list(dyn)", (list: readonly unknown[]) => flat(list, 1)),
  overload("list(A).flatten(int): list(dyn)", (list: readonly unknown[], depth: bigint) => flat(list, Number(depth))),
  overload("list(A).slice(int, int): list(A)", sliced),
];

const within = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((value) => b.some((each) => celEquals(each, value)));

/** Called by their full names: `sets.contains(a, b)`. */
const sets: readonly Overload[] = [
  { ...overload("contains(list(A), list(A)): bool", (a: unknown[], b: unknown[]) => within(b, a)), name: "sets.contains" },
  {
    ...overload("equivalent(list(A), list(A)): bool", (a: unknown[], b: unknown[]) => within(a, b) && within(b, a)),
    name: "sets.equivalent",
  },
  {
    ...overload("intersects(list(A), list(A)): bool", (a: unknown[], b: unknown[]) =>
      a.some((value) => b.some((each) => celEquals(each, value))),
    ),
    name: "sets.intersects",
  },
  { ...overload("isCanonical(string): bool", (text: string) => formatIP(parsedIP(text).address) === text), name: "ip.isCanonical" },
];

class Semver {
  readonly celType = "kubernetes.Semver";
  readonly numbers: readonly bigint[];
  readonly prerelease: readonly string[];
  constructor(text: string, normalize: boolean) {
    const form = normalize ? text.replace(/^v/, "") : text;
    const match = /^([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
      normalize ? form.replace(/^([0-9]+)(\.[0-9]+)?(?=$|[-+])/, (_, major: string, minor = ".0") => `${major}${String(minor)}.0`) : form,
    );
    const parts = match?.slice(1, 4) ?? [];
    if (!match || (!normalize && parts.some((part) => part.length > 1 && part.startsWith("0"))))
      throw new CelError(`failed to parse semver ${JSON.stringify(text)}: Invalid character(s) found`);
    this.numbers = parts.map(BigInt);
    this.prerelease = match[4]?.split(".") ?? [];
  }
  compare(other: Semver): number {
    for (const [at, number] of this.numbers.entries()) if (number !== other.numbers[at]) return number < (other.numbers[at] ?? 0n) ? -1 : 1;
    if (this.prerelease.length === 0 || other.prerelease.length === 0) return Math.sign(other.prerelease.length - this.prerelease.length);
    for (const [at, part] of this.prerelease.entries()) {
      const rival = other.prerelease[at];
      if (rival === undefined) return 1;
      if (part === rival) continue;
      const [mine, theirs] = [/^[0-9]+$/.test(part), /^[0-9]+$/.test(rival)];
      if (mine && theirs) return BigInt(part) < BigInt(rival) ? -1 : 1;
      return mine !== theirs ? (mine ? -1 : 1) : part < rival ? -1 : 1;
    }
    return this.prerelease.length - other.prerelease.length;
  }
  equals(other: unknown): boolean {
    return other instanceof Semver && this.compare(other) === 0;
  }
}

const semvers: readonly Overload[] = [
  ...["", ", bool"].flatMap((normalize) => [
    overload(`semver(string${normalize}): kubernetes.Semver`, (text: string, loose = false) => new Semver(text, loose)),
    overload(`isSemver(string${normalize}): bool`, (text: string, loose = false) => can(() => new Semver(text, loose))),
  ]),
  ...["major", "minor", "patch"].map((part, at) =>
    overload(`kubernetes.Semver.${part}(): int`, (version: Semver) => version.numbers[at] ?? 0n),
  ),
  overload("kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool", (a: Semver, b: Semver) => a.compare(b) > 0),
  overload("kubernetes.Semver.isLessThan(kubernetes.Semver): bool", (a: Semver, b: Semver) => a.compare(b) < 0),
  overload("kubernetes.Semver.compareTo(kubernetes.Semver): int", (a: Semver, b: Semver) => BigInt(Math.sign(a.compare(b)))),
];

class Format {
  readonly celType = "kubernetes.NamedFormat";
  readonly validate: (text: string) => readonly string[];
  constructor(validate: (text: string) => readonly string[]) {
    this.validate = validate;
  }
}

const uuid = /^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$/;
const check = (fits: (text: string) => boolean, sentence: string): Format => new Format((text) => (fits(text) ? [] : [sentence]));

const formatsByName: Readonly<Record<string, Format>> = {
  dns1123Label: new Format(isDNS1123Label),
  dns1123Subdomain: new Format(isDNS1123Subdomain),
  dns1035Label: new Format(isDNS1035Label),
  qualifiedName: new Format(isQualifiedName),
  dns1123LabelPrefix: new Format((text) => nameIsDNSLabel(text, true)),
  dns1123SubdomainPrefix: new Format((text) => nameIsDNSSubdomain(text, true)),
  dns1035LabelPrefix: new Format((text) => nameIsDNS1035Label(text, true)),
  labelValue: new Format(isValidLabelValue),
  uri: check((text) => can(() => new Url(text)), "invalid URI"),
  uuid: check((text) => uuid.test(text), "does not match the UUID format"),
  byte: check((text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text), "invalid base64"),
  date: check((text) => /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/.test(text), "invalid date"),
  datetime: check((text) => !Number.isNaN(Date.parse(text)) && text.includes("T"), "invalid datetime"),
};

const formats: readonly Overload[] = [
  ...Object.entries(formatsByName).map(([name, format]) => ({
    ...overload("format(): kubernetes.NamedFormat", () => format),
    name: `format.${name}`,
  })),
  {
    ...overload("named(string): optional(kubernetes.NamedFormat)", (name: string) =>
      Object.hasOwn(formatsByName, name) ? new Optional(formatsByName[name]) : Optional.none,
    ),
    name: "format.named",
  },
  overload("kubernetes.NamedFormat.validate(string): optional(list(string))", ({ validate }: Format, text: string) => {
    const sentences = validate(text);
    return sentences.length === 0 ? Optional.none : new Optional(sentences);
  }),
];

/** What Kubernetes adds to CEL. */
export const kubernetes: readonly Overload[] = [...quantities, ...network, ...urls, ...regexes, ...lists, ...sets, ...semvers, ...formats];
