import { endpointSlices, nodes, services } from "../../api/resources.ts";
import type { EndpointSlice, Node } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Component } from "../../base/lifecycle/component.ts";
import type { Random } from "../../base/random/random.ts";
import type { Client } from "../../client/client.ts";
import { Informers } from "../../client/informers/informers.ts";
import type { ServiceBalancer } from "../../network/network.ts";
import { rulesOf } from "../rules.ts";
import { RuleTable } from "./rule-table.ts";

export interface SimulatedProxyOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the rules are asked for: `SimulatedNetwork`. */
  readonly network: { balance: ServiceBalancer };
}

const serviceOf = ({ metadata }: EndpointSlice): string =>
  `${metadata.namespace ?? ""}/${metadata.labels?.["kubernetes.io/service-name"] ?? ""}`;

/** kube-proxy for every simulated node at once: Services and slices in, the network's balancing out. A change programs its own Service, no other. */
export class SimulatedProxy implements Component {
  readonly name = "kube-proxy";
  readonly #informers: Informers;
  readonly #table: RuleTable;
  readonly #network: SimulatedProxyOptions["network"];

  constructor({ client, clock, random, network }: SimulatedProxyOptions) {
    this.#network = network;
    this.#table = new RuleTable(random, () => clock.now());
    this.#informers = new Informers(client, clock);
    this.#informers.of(endpointSlices).addIndex("service", (slice) => [serviceOf(slice)]);
    this.#informers.of(endpointSlices).handle(({ previous, next }) => {
      const now = next && serviceOf(next);
      const before = previous && serviceOf(previous);
      if (before !== undefined && before !== now) this.#program(before);
      if (now !== undefined) this.#program(now);
    });
    this.#informers.of(services).handle(({ previous, next }) => {
      const { namespace = "", name = "" } = (next ?? previous)!.metadata;
      this.#program(`${namespace}/${name}`);
    });
    this.#informers.of(nodes).handle(({ previous, next }) => this.#node((next ?? previous)!, next === undefined));
  }

  async start(): Promise<void> {
    this.#informers.start();
    await this.#informers.synced();
    this.#network.balance = this.#table.deliver;
  }

  stop(): Promise<void> {
    this.#informers.stop();
    return Promise.resolve();
  }

  #program(key: string): void {
    const service = this.#informers.of(services).get(key);
    const slices = this.#informers.of(endpointSlices).byIndex("service", key);
    this.#table.program(key, service ? rulesOf(service, slices) : []);
  }

  #node({ metadata, status }: Node, gone: boolean): void {
    const addresses = gone ? [] : (status?.addresses ?? []).filter(({ type }) => type !== "Hostname").map(({ address }) => address);
    this.#table.node(metadata.name!, addresses, gone ? undefined : metadata.labels?.["topology.kubernetes.io/zone"]);
  }
}
