import { request as httpsRequest } from "node:https";
import { failure, StatusError } from "../../../apimachinery/errors/status.ts";
import type { Clock } from "../../../base/clock/clock.ts";
import type { Random } from "../../../base/random/random.ts";
import type { Reader } from "../../cache/watch-cache.ts";
import { responseOf, textOf } from "../../server/connect/backend.ts";
import { serviceTarget, type ProxyTarget } from "../../server/connect/proxy-target.ts";
import type { BackendConnector } from "../../server/connect/proxy.ts";

/** admissionregistration.k8s.io and apiextensions.k8s.io WebhookClientConfig. */
export interface ClientConfig {
  readonly url?: string;
  readonly service?: { readonly namespace?: string; readonly name?: string; readonly path?: string; readonly port?: number };
  readonly caBundle?: string;
}

export interface WebhookClientOptions {
  readonly reader: Reader;
  readonly random: Random;
  readonly clock: Clock;
  /** Ways to what listens inside the cluster without being on a network. */
  readonly backends: BackendConnector;
}

interface Answer {
  readonly code: number;
  readonly text: string;
}

const tlsWords: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate signed by unknown authority",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate signed by unknown authority",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate signed by unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate signed by unknown authority",
  CERT_HAS_EXPIRED: "certificate has expired or is not yet valid",
};

/** What kept us from an answer, in Go's words. */
const causeOf = (error: unknown, { hostname, port }: URL): string => {
  const { code = "", address = hostname, message } = error as { code?: string; address?: string; message: string };
  if (tlsWords[code] !== undefined) return `tls: failed to verify certificate: x509: ${tlsWords[code]}`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `tls: failed to verify certificate: x509: certificate is not valid for any names, but wanted to match ${hostname}`;
  if (code === "ECONNREFUSED") return `dial tcp ${address}:${port || "443"}: connect: connection refused`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `dial tcp: lookup ${hostname}: no such host`;
  return code === "ECONNRESET" ? "EOF" : message;
};

const words: Readonly<Record<number, string>> = {
  400: "the server rejected our request for an unknown reason",
  401: "the server has asked for the client to provide credentials",
  404: "the server could not find the requested resource",
  405: "the server does not allow this method on the requested resource",
  409: "the server reported a conflict",
  422: "the server rejected our request due to an error in our request",
  429: "the server has received too many requests and has asked us to try again later",
  503: "the server is currently unable to handle the request",
  504: "the server was unable to return a response in the time allotted, but may still be processing the request",
};

const refusalOf = ({ code, text }: Answer): StatusError => {
  try {
    const status = JSON.parse(text) as { readonly kind?: string; readonly message?: string };
    if (status.kind === "Status" && status.message) return failure(code, "", status.message);
  } catch {
    // No Status: the code alone says what there is to say.
  }
  if (code === 403) return failure(403, "", text === "" ? "forbidden" : text);
  return failure(
    code,
    "",
    words[code] ??
      (code >= 500
        ? `an error on the server (${JSON.stringify(text.slice(0, 2048))}) has prevented the request from succeeding`
        : "unknown"),
  );
};

/** Calls webhooks, wherever they are. */
export class WebhookClient {
  readonly #options: WebhookClientOptions;

  constructor(options: WebhookClientOptions) {
    this.#options = options;
  }

  /** Sends a review; answers the text of what comes back. Throws with the words of Go's client. */
  async post(config: ClientConfig, review: unknown, timeoutSeconds: number): Promise<string> {
    const { service, caBundle } = config;
    const url = new URL(config.url ?? urlOf(service));
    url.searchParams.set("timeout", `${String(timeoutSeconds)}s`);
    const shown = service ? url.href.replace(url.host, `${url.hostname}:${String(service.port ?? 443)}`) : url.href;
    let answer: Answer;
    try {
      answer = await this.#send(url, service, caBundle, JSON.stringify(review), timeoutSeconds * 1000);
    } catch (error) {
      throw new Error(`Post ${JSON.stringify(shown)}: ${error instanceof StatusError ? error.message : causeOf(error, url)}`, {
        cause: error,
      });
    }
    if (answer.code < 200 || answer.code > 206) throw refusalOf(answer);
    return answer.text;
  }

  #send(url: URL, service: ClientConfig["service"], caBundle: string | undefined, body: string, timeoutMs: number): Promise<Answer> {
    const { reader, random, clock, backends } = this.#options;
    const target = service
      ? serviceTarget(reader, service.namespace ?? "", `https:${service.name ?? ""}:${String(service.port ?? 443)}`, (below) =>
          random.integer(below),
        )
      : undefined;
    const inside = target && backends(target);
    if (!inside) return overTls(url, target, caBundle, body, timeoutMs);
    const patience = new AbortController();
    const timer = clock.after(timeoutMs, () => patience.abort(new Error("context deadline exceeded")));
    return inside({
      method: "POST",
      path: url.pathname,
      query: url.searchParams,
      headers: { "content-type": "application/json", "accept": "application/json, */*" },
      body: Buffer.from(body),
      signal: patience.signal,
    })
      .then(async ({ code, body: answered }) => ({ code, text: await textOf(answered) }))
      .finally(() => timer.cancel());
  }
}

const urlOf = (service: ClientConfig["service"]): string => {
  const { namespace = "", name = "", path = "", port = 443 } = service ?? {};
  return `https://${name}.${namespace}.svc:${String(port)}${path === "" || path.startsWith("/") ? path : `/${path}`}`;
};

const overTls = (
  url: URL,
  target: ProxyTarget | undefined,
  caBundle: string | undefined,
  body: string,
  timeoutMs: number,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = httpsRequest(
      {
        host: target?.host ?? url.hostname,
        port: target?.port ?? (url.port || 443),
        method: "POST",
        path: url.pathname + url.search,
        headers: {
          "host": url.host,
          "content-type": "application/json",
          "accept": "application/json, */*",
          "user-agent": "kube-apiserver-admission",
          "content-length": Buffer.byteLength(body),
        },
        ...(/^[0-9.]+$|:/.test(url.hostname) ? {} : { servername: url.hostname }),
        ...(caBundle && { ca: Buffer.from(caBundle, "base64").toString("utf8") }),
        timeout: timeoutMs,
      },
      (incoming) => {
        const { code, body: answered } = responseOf(incoming);
        void textOf(answered).then((text) => resolve({ code, text }), reject);
      },
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error("context deadline exceeded")));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
