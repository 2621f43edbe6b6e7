import type { Pod } from "../../api/types.ts";

/** A port of the node that a container claims. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

const anyAddress = "0.0.0.0";
const none: readonly HostPort[] = [];

/** The host ports of a pod's containers. Those of sidecars do not count: Kubernetes 1.32 leaves them out. */
export const hostPortsOf = ({ spec }: Pod): readonly HostPort[] => {
  let ports: HostPort[] | undefined;
  for (const container of spec?.containers ?? [])
    for (const port of container.ports ?? []) {
      if (!port.hostPort || port.hostPort <= 0) continue;
      ports ??= [];
      ports.push({ ip: port.hostIP || anyAddress, protocol: port.protocol || "TCP", port: port.hostPort });
    }
  return ports ?? none;
};

/** The ports that the pods of a node hold (framework.HostPortInfo). */
export class HostPorts {
  /** How often each address is held, by `protocol/port`. */
  readonly #held: Map<string, Map<string, number>>;

  constructor(other?: HostPorts) {
    this.#held = new Map();
    if (other) for (const [port, addresses] of other.#held) this.#held.set(port, new Map(addresses));
  }

  add({ ip, protocol, port }: HostPort): void {
    const key = `${protocol}/${String(port)}`;
    let addresses = this.#held.get(key);
    if (!addresses) this.#held.set(key, (addresses = new Map<string, number>()));
    addresses.set(ip, (addresses.get(ip) ?? 0) + 1);
  }

  remove({ ip, protocol, port }: HostPort): void {
    const key = `${protocol}/${String(port)}`;
    const addresses = this.#held.get(key);
    const count = addresses?.get(ip);
    if (!addresses || count === undefined) return;
    if (count > 1) addresses.set(ip, count - 1);
    else addresses.delete(ip);
    if (addresses.size === 0) this.#held.delete(key);
  }

  /** Whether the port is taken; every address stands against any one. */
  conflictsWith({ ip, protocol, port }: HostPort): boolean {
    const addresses = this.#held.get(`${protocol}/${String(port)}`);
    if (!addresses) return false;
    return ip === anyAddress ? addresses.size > 0 : addresses.has(ip) || addresses.has(anyAddress);
  }
}
