import type {
  Delivery,
  Listener,
  NameServer,
  Origin,
  PodNetwork,
  Protocol,
  ServiceBalancer,
  SimulatedAnswer,
  SimulatedRequest,
} from "../network.ts";

/** One flat network for all simulated nodes: every pod reaches every pod by its address, without NAT. */
export class SimulatedNetwork {
  readonly #listeners = new Map<string, Listener>();
  balance: ServiceBalancer = () => undefined;
  nameServer: NameServer = () => undefined;

  listen(address: string, listener: Listener): void {
    this.#listeners.set(address, listener);
  }

  silence(address: string): void {
    this.#listeners.delete(address);
  }

  /** Whether somebody has this address. */
  has(address: string): boolean {
    return this.#listeners.has(address);
  }

  /** Where packets to an address end. */
  deliver(address: string, port: number, protocol: Protocol = "TCP", from: Origin = {}): Delivery {
    const target = this.balance(address, port, protocol, from) ?? { address, port };
    if (typeof target === "string") return target;
    const listener = this.#listeners.get(target.address);
    if (!listener) return "dropped";
    return listener.listens(target.port, protocol) ? target : "refused";
  }

  /** Undefined where no connection comes about: refused, or lost. */
  async request(address: string, port: number, request: SimulatedRequest): Promise<SimulatedAnswer | undefined> {
    const target = this.deliver(address, port, request.method === "UDP" ? "UDP" : "TCP", request.from);
    return typeof target === "string" ? undefined : this.#listeners.get(target.address)?.request(target.port, request);
  }

  /** The network as one node's runtime uses it; addresses come from the node's pod range. */
  forNode(podCIDR: () => string | undefined): PodNetwork {
    const used = new Map<string, number>();
    const taken = new Set<number>();
    let next = 2;
    return {
      attach: ({ sandboxId }) => {
        const range = podCIDR();
        if (range === undefined) return Promise.reject(new Error("cni plugin not initialized: the node has no pod range"));
        const { base, size } = parseRange(range);
        for (let tries = 2; tries < size && taken.has(next); tries++) next = next + 1 >= size - 1 ? 2 : next + 1;
        if (taken.has(next))
          return Promise.reject(new Error(`failed to allocate for range 0: no IP addresses available in range set: ${range}`));
        used.set(sandboxId, next);
        taken.add(next);
        const address = addressAt(base, next);
        next = next + 1 >= size - 1 ? 2 : next + 1;
        return Promise.resolve([address]);
      },
      detach: (sandboxId) => {
        taken.delete(used.get(sandboxId) ?? 0);
        used.delete(sandboxId);
        return Promise.resolve();
      },
    };
  }
}

const parseRange = (cidr: string): { readonly base: number; readonly size: number } => {
  const [address = "10.244.0.0", bits = "24"] = cidr.split("/");
  const base = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return { base, size: 2 ** (32 - Number(bits)) };
};

const addressAt = (base: number, offset: number): string => {
  const value = base + offset;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".");
};
