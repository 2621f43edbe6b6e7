import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as netConnect } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";
import { failure } from "../../../apimachinery/errors/status.ts";
import type { HttpRequest, HttpResponse } from "../http.ts";
import { responseOf } from "./backend.ts";
import type { NodeRequest } from "./node-door.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import { joinEnds, requestHead } from "./remote-node.ts";

/** A way to what listens at an address inside the cluster; undefined where this connector knows none. */
export type BackendConnector = (target: ProxyTarget) => ((request: NodeRequest) => Promise<HttpResponse>) | undefined;

const own = new Set(["authorization", "host", "connection", "content-length", "transfer-encoding", "upgrade"]);

/** The client's request as the backend gets it: without what shows who the client is to us. */
export const proxiedRequest = async (request: HttpRequest, path: string, bodyLimit: number): Promise<NodeRequest> => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !own.has(name) && !name.startsWith("impersonate-")),
  );
  const body = request.method === "GET" || request.method === "HEAD" ? undefined : await request.body(bodyLimit);
  return { method: request.method, path, query: request.query, headers, signal: request.signal, ...(body && { body }) };
};

/** Backends at real addresses, over TCP. Certificates of theirs are not checked, as upstream. */
export const tcpBackend =
  (target: ProxyTarget) =>
  ({ method, path, query, headers, body, signal }: NodeRequest): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const make = target.scheme === "https" ? httpsRequest : httpRequest;
      const options = {
        host: target.host,
        port: target.port,
        method,
        path: withQuery(path, query),
        headers: headers as Record<string, string | string[]>,
        signal,
        rejectUnauthorized: false,
      };
      const outgoing = make(options, (incoming: IncomingMessage) => resolve(responseOf(incoming)));
      outgoing.on("error", (error) => reject(failure(503, "ServiceUnavailable", `error trying to reach service: ${error.message}`)));
      outgoing.end(body);
    });

/** Joins the client's connection and the backend's, byte by byte. */
export const tcpUpgrade = (
  target: ProxyTarget,
  path: string,
  query: URLSearchParams,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void => {
  const connected = (): void => {
    backend.write(requestHead(incoming, withQuery(path, query), `${target.host}:${String(target.port)}`));
    backend.write(head);
    backend.pipe(socket);
    socket.pipe(backend);
  };
  const { host, port } = target;
  const backend =
    target.scheme === "https" ? tlsConnect({ host, port, rejectUnauthorized: false }, connected) : netConnect({ host, port }, connected);
  joinEnds(socket, backend);
};

const withQuery = (path: string, query: URLSearchParams): string =>
  query.size === 0 ? encodeURI(path) : `${encodeURI(path)}?${query.toString()}`;
