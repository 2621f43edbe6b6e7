import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { KubeObject } from "../../../apimachinery/meta/types.ts";
import type { HttpResponse } from "../http.ts";

/** A Node, as far as reaching its kubelet needs it. */
export interface NodeLike extends KubeObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
  };
}

/** A plain request to the kubelet's API. */
export interface NodeRequest {
  readonly method: string;
  /** The kubelet's own: `/containerLogs/shop/web-1/app`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/** The way to one kubelet's API. */
export interface NodeDoor {
  request(request: NodeRequest): Promise<HttpResponse>;
  /** Takes over the client's connection (exec, attach, port-forward): WebSocket or SPDY/3.1, as the client's request has it. */
  upgrade(path: string, query: URLSearchParams, incoming: IncomingMessage, socket: Duplex, head: Buffer): void | Promise<void>;
}

/** Finds the way to a node's kubelet: within the process for simulated nodes, over TLS for others. Undefined where there is none. */
export type NodeConnector = (node: NodeLike) => NodeDoor | undefined;

/** Asks one connector after the other. */
export const firstConnector =
  (...connectors: readonly NodeConnector[]): NodeConnector =>
  (node) => {
    for (const connect of connectors) {
      const door = connect(node);
      if (door) return door;
    }
    return undefined;
  };
