import { request } from "node:https";

/** One call to a server outside; PEM where it is about keys. */
export interface HttpsCall {
  readonly url: string;
  /** Sent as JSON by POST; a GET without. */
  readonly body?: unknown;
  /** Absent: the authorities that the host trusts. */
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
  /** How long the server may be silent. */
  readonly timeoutMs: number;
}

/** Rejects when there is no answer. */
export type FetchText = (call: HttpsCall) => Promise<{ readonly code: number; readonly text: string }>;

const mostBytes = 1024 * 1024;

/** Calls over TLS; what is longer than a mebibyte is no answer. */
export const httpsText: FetchText = ({ url, body, certificateAuthority, clientCertificate, clientKey, token, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ca: certificateAuthority,
        cert: clientCertificate,
        key: clientKey,
        timeout: timeoutMs,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          if (length > mostBytes) answer.destroy(new Error("the answer is too long"));
        });
        answer.on("error", reject);
        answer.on("end", () => resolve({ code: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("context deadline exceeded")));
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
