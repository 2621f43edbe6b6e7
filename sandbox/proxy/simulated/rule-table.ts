import type { Random } from "../../base/random/random.ts";
import type { Delivery, Origin, Protocol } from "../../network/network.ts";
import { usableEndpoints } from "../endpoints.ts";
import type { Door, DoorKind, ServiceRule } from "../rules.ts";

/** A client that is not heard of for so many is forgotten: the oldest first. */
const mostClients = 10_000;

interface Affinity {
  readonly address: string;
  readonly port: number;
  readonly until: number;
}

interface Programmed {
  readonly rule: ServiceRule;
  readonly kind: DoorKind;
  readonly clients: Map<string, Affinity>;
}

const keyOf = (protocol: string, { address, port }: Pick<Door, "address" | "port">): string => `${protocol}/${address ?? "*"}/${port}`;

/** The rules as the simulated network looks them up, for all nodes at once. */
export class RuleTable {
  readonly #random: Random;
  readonly #now: () => number;
  readonly #doors = new Map<string, Programmed>();
  readonly #keys = new Map<string, readonly string[]>();
  readonly #nodeOf = new Map<string, string>();
  readonly #zoneOf = new Map<string, string>();

  constructor(random: Random, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** Puts the rules of a Service (`namespace/name`) in place of those it had. */
  program(service: string, rules: readonly ServiceRule[]): void {
    const kept = new Map<string, Map<string, Affinity>>();
    for (const key of this.#keys.get(service) ?? []) {
      const { rule, clients } = this.#doors.get(key)!;
      kept.set(rule.name, clients);
      this.#doors.delete(key);
    }
    const keys: string[] = [];
    for (const rule of rules) {
      const clients = kept.get(rule.name) ?? new Map<string, Affinity>();
      for (const door of rule.doors) {
        const key = keyOf(rule.protocol, door);
        this.#doors.set(key, { rule, kind: door.kind, clients });
        keys.push(key);
      }
    }
    if (keys.length > 0) this.#keys.set(service, keys);
    else this.#keys.delete(service);
  }

  /** A node's own addresses, where node ports are reached; none for a node that is gone. */
  node(name: string, addresses: readonly string[], zone: string | undefined): void {
    for (const [address, node] of this.#nodeOf) if (node === name) this.#nodeOf.delete(address);
    for (const address of addresses) this.#nodeOf.set(address, name);
    if (zone === undefined) this.#zoneOf.delete(name);
    else this.#zoneOf.set(name, zone);
  }

  /** Where a packet ends; undefined where the address is no Service's. */
  readonly deliver = (address: string, port: number, protocol: Protocol, from: Origin): Delivery | undefined => {
    const entered = this.#nodeOf.get(address);
    const found =
      this.#doors.get(keyOf(protocol, { address, port })) ??
      (entered === undefined ? undefined : this.#doors.get(keyOf(protocol, { address: undefined, port })));
    return found && this.#choose(found, from, entered);
  };

  #choose({ rule, kind, clients }: Programmed, from: Origin, entered: string | undefined): Delivery {
    const internal = kind === "cluster-ip";
    // What starts within the cluster may use every endpoint of an outside address: only strangers come in by one node.
    const localOnly = internal ? rule.internalLocal : rule.externalLocal && from.node === undefined;
    const node = from.node ?? entered;
    const zone = node === undefined ? undefined : this.#zoneOf.get(node);
    const usable = usableEndpoints(rule.endpoints, { node, zone, localOnly });
    if (usable.length === 0) return localOnly && rule.endpoints.some(({ ready }) => ready) ? "dropped" : "refused";
    if (rule.affinitySeconds === undefined || from.address === undefined) return this.#any(usable);
    const now = this.#now();
    const known = clients.get(from.address);
    const same =
      known && known.until > now ? usable.find(({ address, port }) => address === known.address && port === known.port) : undefined;
    const { address, port } = same ?? this.#any(usable);
    clients.delete(from.address);
    clients.set(from.address, { address, port, until: now + rule.affinitySeconds * 1000 });
    if (clients.size > mostClients) clients.delete(clients.keys().next().value!);
    return { address, port };
  }

  #any(usable: readonly { readonly address: string; readonly port: number }[]): { readonly address: string; readonly port: number } {
    const { address, port } = usable[this.#random.integer(usable.length)]!;
    return { address, port };
  }
}
