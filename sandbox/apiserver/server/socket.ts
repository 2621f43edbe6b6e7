import type { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer, type Http2SecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Clock } from "../../base/clock/clock.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import type { Upgrade } from "./upgrade.ts";
import { BodyTooLargeError, isStream, type Headers, type HttpRequest, type HttpResponse, type Serve } from "./http.ts";

export interface SocketOptions {
  readonly serve: Serve;
  readonly upgrade: Upgrade;
  readonly clock: Clock;
  /** Requests that move time, by path: time does not stand still until they are answered. */
  readonly movesTime?: (path: string) => boolean;
  /** PEM. */
  readonly certificate: string;
  readonly key: string;
  /** Who signs client certificates, and the certificates of trusted proxies. */
  readonly clientAuthority: X509Certificate;
  readonly frontProxyAuthority: X509Certificate;
  /** How long open requests may go on after `stop`, in milliseconds. */
  readonly graceMs?: number;
}

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

/** HTTPS over TCP: HTTP/1.1, and HTTP/2 for those who speak nothing else, since Node is faster at the first. */
export class ServerSocket {
  readonly #options: SocketOptions;
  readonly #server: Http2SecureServer;
  readonly #open = new Set<AbortController>();
  readonly #connections = new Set<Socket>();

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#server = createSecureServer({
      allowHTTP1: true,
      ALPNCallback: ({ protocols }) => ["http/1.1", "h2"].find((protocol) => protocols.includes(protocol)),
      cert: options.certificate,
      key: options.key,
      ca: [options.clientAuthority.toString(), options.frontProxyAuthority.toString()],
      requestCert: true,
      // Who shows no certificate of ours may still show a token.
      rejectUnauthorized: false,
      minVersion: "TLSv1.2",
      maxHeaderSize: 1024 * 1024,
      settings: { maxConcurrentStreams: 1000 },
    } as Parameters<typeof createSecureServer>[0]);
    Object.assign(this.#server, { keepAliveTimeout: 180_000, requestTimeout: 0, headersTimeout: 60_000 });
    this.#server.on("request", (incoming: Incoming, outgoing: Outgoing) => void this.#answer(incoming, outgoing));
    this.#server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => this.#upgrade(incoming, socket, head));
    this.#server.on("secureConnection", (socket: Socket) => {
      this.#connections.add(socket);
      socket.once("close", () => this.#connections.delete(socket));
      socket.on("error", () => socket.destroy());
    });
    this.#server.on("sessionError", () => {});
    this.#server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  }

  /** Listens; resolves with the port. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        this.#server.on("error", () => {});
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections, ends watches, lets other requests finish within the grace. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const request of this.#open) request.abort();
    const { clock, graceMs = 1000 } = this.#options;
    const timer = clock.after(graceMs, () => this.#closeConnections());
    // What is idle has nothing to finish.
    await clock.breathe();
    this.#closeConnections();
    await closed;
    timer.cancel();
  }

  /** Aborts when the other side closes, or the server ends. */
  #signalFor(closing: { once(event: "close", listener: () => void): unknown }): AbortSignal {
    const gone = new AbortController();
    this.#open.add(gone);
    closing.once("close", () => {
      this.#open.delete(gone);
      gone.abort();
    });
    return gone.signal;
  }

  #closeConnections(): void {
    for (const connection of this.#connections) connection.destroySoon();
  }

  async #answer(incoming: Incoming, outgoing: Outgoing): Promise<void> {
    incoming.on("error", () => {});
    outgoing.on("error", () => {});
    const request = requestOf(this.#options, incoming, this.#signalFor(outgoing));
    if (!request) {
      write(outgoing, incoming.method ?? "GET", {
        code: 400,
        headers: { "content-type": "text/plain; charset=utf-8" },
        body: "400 Bad Request",
      });
      return;
    }
    const { serve, clock, movesTime } = this.#options;
    const response = await (movesTime?.(request.path) ? serve(request) : clock.busy(serve(request)));
    write(outgoing, request.method, response);
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const request = requestOf(this.#options, incoming, this.#signalFor(socket));
    if (request) void this.#options.upgrade(request, incoming, socket, head);
    else socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
  }
}

const requestOf = (options: SocketOptions, incoming: Incoming, signal: AbortSignal): HttpRequest | undefined => {
  const target = incoming.url ?? "/";
  const at = target.indexOf("?");
  const path = unescaped(at < 0 ? target : target.slice(0, at));
  if (path === undefined) return undefined;
  const socket = ("stream" in incoming ? incoming.stream.session?.socket : incoming.socket) as TLSSocket | undefined;
  const certificate = socket && clientCertificateOf(socket, options);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(at < 0 ? "" : target.slice(at + 1)),
    headers: headersOf(incoming.rawHeaders),
    ...(certificate && { certificate }),
    remoteAddress: `${socket?.remoteAddress ?? ""}:${String(socket?.remotePort ?? 0)}`,
    body: (limit) => bodyOf(incoming, limit),
    signal,
  };
};

const unescaped = (path: string): string | undefined => {
  if (!path.startsWith("/")) return undefined;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

/** Repeated headers keep their values apart. */
const headersOf = (raw: readonly string[]): Headers => {
  const headers = Object.create(null) as Record<string, string | string[]>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? "";
    const value = raw[index + 1] ?? "";
    const known = headers[name];
    if (name.startsWith(":")) continue;
    headers[name] = known === undefined ? value : typeof known === "string" ? [known, value] : [...known, value];
  }
  return headers;
};

/** What is left of a body that is too large is read and thrown away up to this size, so that the client gets to see the answer. */
const drainLimit = 64 * 1024 * 1024;

const bodyOf = (incoming: Incoming, limit: number): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else if (size > drainLimit) incoming.destroy();
      else {
        chunks.length = 0;
        reject(new BodyTooLargeError());
      }
    });
    incoming.on("end", () => resolve(chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks)));
    incoming.on("error", reject);
    incoming.on("close", () => reject(new Error("unexpected EOF")));
  });

const write = (outgoing: Outgoing, method: string, { code, headers, body }: HttpResponse): void => {
  if (outgoing.destroyed || outgoing.writableEnded) {
    if (isStream(body)) body.cancel();
    return;
  }
  outgoing.statusCode = code;
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
  if (!isStream(body)) {
    if (body === undefined || method === "HEAD") return void outgoing.end();
    outgoing.setHeader("content-length", Buffer.byteLength(body));
    return void (outgoing as ServerResponse).end(body);
  }
  (outgoing as ServerResponse).flushHeaders();
  outgoing.once("close", () => body.cancel());
  body.start({
    write: (chunk) => (outgoing as ServerResponse).write(chunk),
    drained: () =>
      new Promise((resolve) => {
        if (outgoing.destroyed || !outgoing.writableNeedDrain) return resolve();
        const go = (): void => {
          outgoing.off("drain", go);
          outgoing.off("close", go);
          resolve();
        };
        outgoing.once("drain", go);
        outgoing.once("close", go);
      }),
    end: () => outgoing.end(),
    abort: () => outgoing.destroy(),
  });
};
