import { BodyTooLargeError, type HttpRequest } from "../../sandbox/apiserver/server/http.ts";

/** A request as data: it can be printed, sent again and made smaller. */
export interface FuzzRequest {
  readonly method: string;
  /** As it stands in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const administrator = { commonName: "admin", organizations: ["system:masters"], authority: "client", fingerprint: "00" } as const;

/** What the socket makes of it; undefined where the socket itself refuses (a path that cannot be unescaped). */
export const httpOf = ({ method, target, headers, body }: FuzzRequest, signal: AbortSignal): HttpRequest | undefined => {
  const at = target.indexOf("?");
  const path = unescaped(at < 0 ? target : target.slice(0, at));
  if (path === undefined) return undefined;
  return {
    method,
    path,
    query: new URLSearchParams(at < 0 ? "" : target.slice(at + 1)),
    headers,
    certificate: administrator,
    remoteAddress: "127.0.0.1:40000",
    body: (limit) => (body.length > limit ? Promise.reject(new BodyTooLargeError()) : Promise.resolve(body)),
    signal,
  };
};

const unescaped = (path: string): string | undefined => {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
};

/** For people who must send it by hand. */
export const printed = ({ method, target, headers, body }: FuzzRequest): string => {
  const shown = Buffer.from(body).toString(headers["content-type"]?.includes("protobuf") ? "base64" : "utf8");
  const cut = shown.length > 4000 ? `${shown.slice(0, 4000)}… (${String(body.length)} bytes)` : shown;
  return `${method} ${target.slice(0, 1000)}\n${JSON.stringify(headers).slice(0, 1000)}\n${cut}`;
};
