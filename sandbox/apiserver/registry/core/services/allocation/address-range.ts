import { formatIP, parseCIDR, parseIP } from "../../../../../apimachinery/validation/ip.ts";
import type { Random } from "../../../../../base/random/random.ts";
import { Pool, type Refusal } from "./pool.ts";

export type IPFamily = "IPv4" | "IPv6";

/** How many addresses of a range are given out at most: upstream's bound for IPv6. */
const mostAddresses = 2 ** 20;

/** The addresses that Services of one family get. */
export class AddressRange {
  readonly family: IPFamily;
  readonly cidr: string;
  readonly #base: bigint;
  readonly #pool: Pool;

  constructor(cidr: string, random: Random) {
    const network = parseCIDR(cidr);
    if (!network) throw new Error(`${cidr} is no network`);
    const { family, bytes } = network.address;
    this.cidr = cidr;
    this.family = family === 4 ? "IPv4" : "IPv6";
    const bits = bytes.length * 8;
    const hostBits = BigInt(bits - network.prefix);
    this.#base = (toNumber(bytes) >> hostBits) << hostBits;
    const all = hostBits > 20n ? mostAddresses : 2 ** Number(hostBits);
    // The network's own address is never given out, nor IPv4's broadcast address.
    const size = all - (family === 4 ? 2 : 1);
    const band = Math.min(Math.max(16, Math.floor(size / 16)), 256);
    this.#pool = new Pool({ first: 1, size, band: size > 16 ? band : 0, random });
  }

  /** The first address: the `kubernetes` Service's. */
  get first(): string {
    return this.#addressAt(1);
  }

  take(address: string): Refusal | undefined {
    const offset = this.#offsetOf(address);
    return offset === undefined ? "out-of-range" : this.#pool.take(offset);
  }

  takeAny(): string | undefined {
    const offset = this.#pool.takeAny();
    return offset === undefined ? undefined : this.#addressAt(offset);
  }

  use(address: string): void {
    const offset = this.#offsetOf(address);
    if (offset !== undefined) this.#pool.use(offset);
  }

  release(address: string): void {
    const offset = this.#offsetOf(address);
    if (offset !== undefined) this.#pool.release(offset);
  }

  #offsetOf(address: string): number | undefined {
    const parsed = parseIP(address);
    if (!parsed || (parsed.family === 4) !== (this.family === "IPv4")) return undefined;
    const offset = Number(toNumber(parsed.bytes) - this.#base);
    return this.#pool.contains(offset) ? offset : undefined;
  }

  #addressAt(offset: number): string {
    const bytes = toBytes(this.#base + BigInt(offset), this.family === "IPv4" ? 4 : 16);
    return formatIP({ family: this.family === "IPv4" ? 4 : 6, bytes });
  }
}

const toNumber = (bytes: readonly number[]): bigint => bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);

const toBytes = (value: bigint, length: number): number[] =>
  Array.from({ length }, (_, at) => Number((value >> BigInt((length - 1 - at) * 8)) & 0xffn));
