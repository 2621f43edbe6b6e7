import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { badRequest, notFound } from "../../../apimachinery/errors/constructors.ts";
import { failure } from "../../../apimachinery/errors/status.ts";
import type { Random } from "../../../base/random/random.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import type { HttpResponse } from "../http.ts";
import type { AuthorizedRequest } from "../serve.ts";
import type { Route } from "../routes.ts";
import type { NodeConnector, NodeDoor, NodeLike } from "./node-door.ts";
import { podLog } from "./pod-log.ts";
import { streamTarget } from "./pod-streams.ts";
import type { PodLike } from "./pod-target.ts";
import { proxiedRequest, tcpBackend, tcpUpgrade, type BackendConnector } from "./proxy.ts";
import { podTarget, proxyNameOf, serviceTarget, type ProxyTarget } from "./proxy-target.ts";

type ConnectRoute = Extract<Route, { kind: "connect" }>;

export interface ConnectorParts {
  readonly reader: Reader;
  readonly random: Random;
  readonly nodes: NodeConnector;
  /** Backends that TCP does not reach: those of simulated nodes. */
  readonly backends?: BackendConnector;
}

/** A connection that a client wants handed over. */
export interface Connection {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const proxyBodyLimit = 64 * 1024 * 1024;

/** Leads requests to what stands behind objects: to kubelets for `log`, `exec`, `attach` and `portforward`, to pods, services and nodes for `proxy`. */
export class Connector {
  readonly #parts: ConnectorParts;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
  }

  /** A plain request. Throws StatusErrors. */
  async request({ request, info }: AuthorizedRequest, { entry, subresource, rest }: ConnectRoute): Promise<HttpResponse> {
    const name = info.parts[1] ?? "";
    switch (subresource.name) {
      case "log":
        return podLog(request, this.#pod(info.namespace, name), (nodeName) => this.#door(nodeName));
      case "proxy": {
        const proxied = await proxiedRequest(request, rest, proxyBodyLimit);
        if (entry.resource === "nodes") return this.#door(proxyNameOf(name, "node").name).request(proxied);
        const target = this.#target(entry.resource, info.namespace, name);
        return (this.#parts.backends?.(target) ?? tcpBackend(target))(proxied);
      }
      default:
        // Whether the pod is there is said first, as upstream does.
        streamTarget(subresource.name, this.#pod(info.namespace, name), request.query);
        throw badRequest("Upgrade request required");
    }
  }

  /** Hands a connection over. Throws StatusErrors before it is touched. */
  async upgrade(
    { request, info }: AuthorizedRequest,
    { entry, subresource, rest }: ConnectRoute,
    { incoming, socket, head }: Connection,
  ): Promise<void> {
    const name = info.parts[1] ?? "";
    if (subresource.name === "log") throw badRequest("unable to upgrade: logs are not streamed so");
    if (subresource.name !== "proxy") {
      const { nodeName, path, query } = streamTarget(subresource.name, this.#pod(info.namespace, name), request.query);
      await this.#door(nodeName).upgrade(path, query, incoming, socket, head);
    } else if (entry.resource === "nodes")
      await this.#door(proxyNameOf(name, "node").name).upgrade(rest, request.query, incoming, socket, head);
    else tcpUpgrade(this.#target(entry.resource, info.namespace, name), rest, request.query, incoming, socket, head);
  }

  #pod(namespace: string, name: string): PodLike {
    const pod = this.#parts.reader.get("", "pods", namespace, name) as PodLike | undefined;
    if (!pod) throw notFound({ group: "", resource: "pods" }, name);
    return pod;
  }

  #door(nodeName: string): NodeDoor {
    const node = this.#parts.reader.get("", "nodes", "", nodeName) as NodeLike | undefined;
    if (!node) throw notFound({ group: "", resource: "nodes" }, nodeName);
    const door = this.#parts.nodes(node);
    if (!door)
      throw failure(
        503,
        "ServiceUnavailable",
        `no preferred addresses found; known addresses: ${JSON.stringify(node.status?.addresses ?? [])}`,
      );
    return door;
  }

  #target(resource: string, namespace: string, name: string): ProxyTarget {
    const { reader, random } = this.#parts;
    return resource === "services"
      ? serviceTarget(reader, namespace, name, (below) => random.integer(below))
      : podTarget(reader, namespace, name);
  }
}
