import { request as httpsRequest } from "node:https";
import type { UserInfo } from "../operation.ts";
import type { HttpRequest, HttpResponse } from "../server/http.ts";
import { responseOf } from "../server/connect/backend.ts";
import type { ProxyTarget } from "../server/connect/proxy-target.ts";

/** With what we show ourselves to extension API servers; PEM. */
export interface FrontProxyCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface RemoteRequest {
  readonly target: ProxyTarget;
  /** `NAME.NAMESPACE.svc`, which the server's certificate is for. */
  readonly serverName: string;
  /** Base64 of PEM; absent: the certificate is not checked. */
  readonly caBundle?: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** One request to an extension API server. Rejects when it cannot be reached. */
export const askRemote = (own: FrontProxyCertificate, asked: RemoteRequest): Promise<HttpResponse> =>
  new Promise((resolve, reject) => {
    const { target, serverName, caBundle, method, path, headers, body, signal, timeoutMs } = asked;
    const outgoing = httpsRequest(
      {
        host: target.host,
        port: target.port,
        method,
        path,
        headers: headers as Record<string, string | string[]>,
        servername: serverName,
        cert: own.certificate,
        key: own.key,
        ...(caBundle === undefined ? { rejectUnauthorized: false } : { ca: Buffer.from(caBundle, "base64").toString("utf8") }),
        ...(signal && { signal }),
        ...(timeoutMs !== undefined && { timeout: timeoutMs }),
      },
      (incoming) => resolve(responseOf(incoming)),
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("context deadline exceeded (Client.Timeout exceeded while awaiting headers)")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });

const own = new Set(["authorization", "host", "connection", "content-length", "transfer-encoding"]);

/** The client's headers as they go on, with who the client is in the front proxy's words instead of its credentials. */
export const forwardedHeaders = (
  { headers }: HttpRequest,
  { name, uid, groups, extra }: UserInfo,
): Readonly<Record<string, string | readonly string[]>> => {
  const passed = Object.entries(headers).filter(
    (entry): entry is [string, string | readonly string[]] =>
      entry[1] !== undefined && !own.has(entry[0]) && !/^(impersonate|x-remote)-/.test(entry[0]),
  );
  const extras = Object.entries(extra ?? {}).map(([key, values]) => [`x-remote-extra-${encodeURIComponent(key)}`, values] as const);
  return {
    ...Object.fromEntries(passed),
    "x-remote-user": name,
    ...(uid !== undefined && { "x-remote-uid": uid }),
    "x-remote-group": groups,
    ...Object.fromEntries(extras),
  };
};
