import { endpointSlices, namespaces, services } from "../api/resources.ts";
import type { Clock } from "../base/clock/clock.ts";
import type { Component } from "../base/lifecycle/component.ts";
import type { Client } from "../client/client.ts";
import { Informers } from "../client/informers/informers.ts";
import type { NameServer } from "../network/network.ts";
import { lookup, type DnsSource } from "./records.ts";

export interface ClusterDnsOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Where it answers: the tenth address of the Service range, by custom. */
  readonly address: string;
  /** `cluster.local`. */
  readonly zone: string;
  /** Who asks: `SimulatedNetwork`. */
  readonly network: { nameServer: NameServer };
}

/** The cluster's name server (CoreDNS's kubernetes plugin), answering from informers. */
export class ClusterDns implements Component {
  readonly name = "cluster-dns";
  readonly #options: ClusterDnsOptions;
  readonly #informers: Informers;

  constructor(options: ClusterDnsOptions) {
    this.#options = options;
    this.#informers = new Informers(options.client, options.clock);
    this.#informers.of(namespaces);
    this.#informers.of(services).addIndex("address", ({ spec }) => (spec?.clusterIPs ?? []).filter((address) => address !== "None"));
    const slices = this.#informers.of(endpointSlices);
    slices.addIndex("service", ({ metadata }) => [`${metadata.namespace ?? ""}/${metadata.labels?.["kubernetes.io/service-name"] ?? ""}`]);
    slices.addIndex("address", ({ endpoints }) => (endpoints ?? []).flatMap(({ addresses }) => addresses));
  }

  async start(): Promise<void> {
    const { network, address, zone } = this.#options;
    this.#informers.start();
    await this.#informers.synced();
    const source = this.#source();
    // What is not the cluster's would go to the node's own resolver; simulated nodes have none.
    network.nameServer = (server, name, type) =>
      server === address ? (lookup(source, zone, name, type) ?? { code: "NXDOMAIN", records: [] }) : undefined;
  }

  stop(): Promise<void> {
    this.#informers.stop();
    return Promise.resolve();
  }

  #source(): DnsSource {
    const all = this.#informers;
    return {
      hasNamespace: (namespace) => all.of(namespaces).get(namespace) !== undefined,
      service: (namespace, name) => all.of(services).get(`${namespace}/${name}`),
      slices: (namespace, service) => all.of(endpointSlices).byIndex("service", `${namespace}/${service}`),
      servicesAt: (address) => all.of(services).byIndex("address", address),
      slicesAt: (address) => all.of(endpointSlices).byIndex("address", address),
    };
  }
}
