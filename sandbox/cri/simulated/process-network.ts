import type { Protocol, SimulatedAnswer, SimulatedRequest } from "../../network/network.ts";
import { parseResolverConfig, resolve, type ResolverConfig } from "../../network/resolver.ts";
import type { SimulatedNetwork } from "../../network/simulated/simulated-network.ts";
import type { ContainerFiles } from "./container-files.ts";
import { decode, type PortHandler, type ProcessNetwork } from "./shell/process.ts";

export interface ProcessNetworkOptions {
  readonly network: SimulatedNetwork;
  readonly files: ContainerFiles;
  readonly addresses: readonly string[];
  readonly hostname: string;
  /** The node that the pod is on. */
  readonly node: string;
  readonly ports: PortTable;
}

/** Who listens at the ports of one container. */
export class PortTable {
  readonly #handlers = new Map<string, PortHandler>();

  take(port: number, protocol: Protocol, handler: PortHandler): (() => void) | undefined {
    const key = `${protocol}/${port}`;
    if (this.#handlers.has(key)) return undefined;
    this.#handlers.set(key, handler);
    return () => void this.#handlers.delete(key);
  }

  has(port: number, protocol: Protocol): boolean {
    return this.#handlers.has(`${protocol}/${port}`);
  }

  async request(port: number, request: SimulatedRequest): Promise<SimulatedAnswer | undefined> {
    return this.#handlers.get(`${request.method === "UDP" ? "UDP" : "TCP"}/${port}`)?.(request, port);
  }
}

const isAddress = (text: string): boolean => /^\d+(\.\d+){3}$/.test(text) || /^[0-9a-fA-F]*:[0-9a-fA-F:]+$/.test(text);

/** The network of a container's processes: `/etc/hosts` and `/etc/resolv.conf` as they stand in its files, and the simulated wires. */
export const processNetwork = ({ network, files, addresses, hostname, node, ports }: ProcessNetworkOptions): ProcessNetwork => {
  const textOf = (path: string): string => (files.exists(path) && !files.isDirectory(path) ? decode(files.read(path)) : "");
  const config = (): ResolverConfig => parseResolverConfig(textOf("/etc/resolv.conf"));
  const inHosts = (name: string): readonly string[] =>
    textOf("/etc/hosts")
      .split("\n")
      .map((line) => line.replace(/#.*/, "").trim().split(/\s+/))
      .filter(([, ...names]) => names.includes(name))
      .map(([address]) => address!)
      .filter((address) => !address.includes(":"));
  const addressesOf = (name: string): readonly string[] => {
    const host = name.replace(/^\[|\]$/g, "");
    if (isAddress(host)) return [host];
    const known = inHosts(host);
    if (known.length > 0) return known;
    if (host === "localhost") return ["127.0.0.1"];
    if (host === hostname && addresses.length > 0) return addresses;
    const { records } = resolve(host, "A", config(), network.nameServer);
    return records.filter(({ type }) => type === "A").map(({ data }) => data);
  };
  const from = { ...(addresses[0] !== undefined && { address: addresses[0] }), node };
  /** An address as the wires know it: what is local is the pod's own. */
  const target = (host: string): string | undefined => {
    const address = addressesOf(host)[0];
    return address !== undefined && (address.startsWith("127.") || address === "::1") ? addresses[0] : address;
  };
  return {
    addresses,
    get resolver() {
      return config();
    },
    resolve: addressesOf,
    lookup: (name, type, search) => {
      const said = config();
      return resolve(name, type, search ? said : { ...said, searches: [] }, network.nameServer);
    },
    connect(host, port, protocol = "TCP") {
      const address = target(host);
      if (address === undefined) return undefined;
      const delivery = network.deliver(address, port, protocol, from);
      return typeof delivery === "string" ? delivery : "connected";
    },
    fetch(url, method = "GET") {
      const found = /^([a-z]+):\/\/(\[[^\]]*\]|[^/:?]+)(?::(\d+))?([^]*)$/.exec(url);
      const address = target(found?.[2] ?? "");
      if (!found || address === undefined) return Promise.resolve(undefined);
      const path = found[4]!.startsWith("/") ? found[4]! : `/${found[4]!}`;
      const port = Number(found[3] ?? (found[1] === "https" ? 443 : 80));
      return network.request(address, port, { method, path, headers: { host: found[2]! }, from });
    },
    async send(host, port, datagram) {
      const address = target(host);
      return address === undefined
        ? undefined
        : (await network.request(address, port, { method: "UDP", path: datagram, headers: {}, from }))?.body;
    },
    listen: (port, protocol, handler) => ports.take(port, protocol, handler),
  };
};
