import type { ClientCertificate } from "../authentication/authenticator.ts";

/** Header values by lower-case name. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request as it came in, with nothing left of the socket. */
export interface HttpRequest {
  readonly method: string;
  /** Unescaped. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  /** What the client showed in the TLS handshake. */
  readonly certificate?: ClientCertificate;
  /** `IP:PORT` of the client. */
  readonly remoteAddress: string;
  /** The whole body, read when it is asked for; at most `limit` bytes, else it rejects with BodyTooLargeError. */
  body(limit: number): Promise<Uint8Array>;
  /** Aborts when the client goes away, or the server ends. */
  readonly signal: AbortSignal;
}

export class BodyTooLargeError extends Error {}

/** Where a body that comes over time is written to. */
export interface Sink {
  /** False when the client lags behind: wait for `drained` before writing on, or pile up. */
  write(chunk: Uint8Array | string): boolean;
  drained(): Promise<void>;
  end(): void;
  /** Breaks the connection off: for a client that does not take what it asked for. */
  abort?(): void;
}

/** A body that comes over time: a watch, a log. `start` is called once; `cancel` when the client has gone. */
export interface BodyStream {
  start(sink: Sink): void;
  cancel(): void;
}

export interface HttpResponse {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Absent: no body. */
  readonly body?: string | Uint8Array | BodyStream;
}

/** The API server's outer door. Never rejects. */
export type Serve = (request: HttpRequest) => Promise<HttpResponse>;

export const isStream = (body: HttpResponse["body"]): body is BodyStream => typeof body === "object" && "start" in body;

/** The first value of a header, trimmed; empty where it is absent. */
export const headerOf = (headers: Headers, name: string): string => {
  const value = headers[name];
  return (typeof value === "string" ? value : (value?.[0] ?? "")).trim();
};

export const text = (code: number, body: string, headers: HttpResponse["headers"] = {}): HttpResponse => ({
  code,
  headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", ...headers },
  body,
});

export const json = (code: number, value: unknown, headers: HttpResponse["headers"] = {}): HttpResponse => ({
  code,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(value),
});

/** What Go's mux answers for a path that nobody registered. */
export const pageNotFound = (): HttpResponse => text(404, "404 page not found\n");
