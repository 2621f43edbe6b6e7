import { request as httpsRequest } from "node:https";
import type { IncomingMessage, RequestOptions } from "node:http";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { failure } from "../../../apimachinery/errors/status.ts";
import type { NodeConnector, NodeDoor, NodeLike, NodeRequest } from "./node-door.ts";
import { responseOf } from "./backend.ts";

export interface RemoteNodeOptions {
  /** The API server's client certificate for kubelets; PEM. */
  readonly certificate: string;
  readonly key: string;
}

const preferred = ["Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP"];
const reachable = ["InternalIP", "ExternalIP", "Hostname"];
const defaultPort = 10250;

/** Kubelets that listen on a port: reached at the address their Node names. Their serving certificates are not checked, as upstream by default. */
export const remoteNodes =
  (options: RemoteNodeOptions): NodeConnector =>
  (node) => {
    const host = addressOf(node);
    const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? defaultPort;
    return host === undefined || port === 0 ? undefined : remoteDoor({ ...options, host, port });
  };

const addressOf = ({ status }: NodeLike): string | undefined => {
  const addresses = status?.addresses ?? [];
  const types = [...reachable, ...preferred];
  return types.map((type) => addresses.find((each) => each.type === type)?.address).find((address) => address !== undefined);
};

const remoteDoor = ({ certificate, key, host, port }: RemoteNodeOptions & { readonly host: string; readonly port: number }): NodeDoor => {
  const tls = { host, port, cert: certificate, key, rejectUnauthorized: false };
  return {
    request: ({ method, path, query, headers, body, signal }: NodeRequest) =>
      new Promise((resolve, reject) => {
        const options = { ...tls, method, path: withQuery(path, query), headers: forwarded(headers), signal } as RequestOptions;
        const outgoing = httpsRequest(options, (incoming) => resolve(responseOf(incoming)));
        outgoing.on("error", (error) => reject(failure(502, "InternalError", `error dialing backend: ${error.message}`)));
        outgoing.end(body);
      }),
    upgrade(path, query, incoming, socket, head) {
      const backend = tlsConnect({ ...tls, servername: "" }, () => {
        backend.write(requestHead(incoming, withQuery(path, query), `${host}:${String(port)}`));
        backend.write(head);
        backend.pipe(socket);
        socket.pipe(backend);
      });
      joinEnds(socket, backend);
    },
  };
};

const withQuery = (path: string, query: URLSearchParams): string => (query.size === 0 ? path : `${path}?${query.toString()}`);

const own = new Set(["authorization", "host", "connection", "content-length", "transfer-encoding"]);

/** What the client said, but for who it is: the backend knows us. */
const forwarded = (headers: NodeRequest["headers"]): Readonly<Record<string, string | readonly string[]>> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | readonly string[]] =>
        entry[1] !== undefined && !own.has(entry[0]) && !entry[0].startsWith("impersonate-"),
    ),
  );

/** The client's request line and headers, as they go on to the backend. */
export const requestHead = (incoming: IncomingMessage, target: string, host: string): string => {
  const lines = [`${incoming.method ?? "GET"} ${target} HTTP/1.1`, `Host: ${host}`];
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = incoming.rawHeaders[index] ?? "";
    if (!["authorization", "host"].includes(name.toLowerCase())) lines.push(`${name}: ${incoming.rawHeaders[index + 1] ?? ""}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
};

/** When one side goes, so does the other. */
export const joinEnds = (a: Duplex, b: Duplex): void => {
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
};
