import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { StatusError, type Status } from "../../../sandbox/index.ts";
import type { Disposable } from "../../support/signal.ts";
import type { Credentials } from "../kubeconfig/kubeconfig.ts";

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

const queryOf = (query: Call["query"] = {}): string => {
  const given = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
};

/** The refusal that a body tells of; proxies and half-dead servers answer with bodies that are none. */
const refusal = (code: number, text: string): StatusError => {
  try {
    const status = JSON.parse(text) as Status;
    if (status.kind === "Status") return new StatusError(status);
  } catch {
    // Not JSON: the text itself is the message.
  }
  return new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: text.trim() || `HTTP ${code}`,
    code,
  });
};

const textOf = async (response: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
};

/**
 * The editor's way to the API server: HTTPS with the kubeconfig's credentials, as any client. Failures are StatusErrors
 * when the server refused, other errors when it could not be reached.
 */
export class ApiClient implements Disposable {
  readonly #credentials: Credentials;
  readonly #agent: Agent;
  readonly #ended = new AbortController();

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    const { ca, cert, key } = credentials;
    this.#agent = new Agent({ keepAlive: true, ca, cert, key });
  }

  /** The namespace of objects that name none. */
  get namespace(): string {
    return this.#credentials.namespace;
  }

  /** Sends the call and answers the decoded body. */
  async call<T = unknown>(call: Call): Promise<T> {
    return JSON.parse(await this.text(call)) as T;
  }

  /** The same, for answers that are not JSON: logs. */
  async text(call: Call): Promise<string> {
    return textOf(await this.#send(call));
  }

  /** Hands over each line of a streamed answer as it comes: a watch, followed logs. Resolves when the server ends it. */
  async lines(call: Call, line: (text: string) => void): Promise<void> {
    const response = await this.#send(call);
    response.setEncoding("utf8");
    let rest = "";
    for await (const piece of response) {
      const parts = (rest + (piece as string)).split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) line(part);
    }
    if (rest !== "") line(rest);
  }

  /** Ends all calls that are under way. */
  dispose(): void {
    this.#ended.abort();
    this.#agent.destroy();
  }

  async #send({ method = "GET", path, query, body, contentType = "application/json", signal }: Call): Promise<IncomingMessage> {
    const { server, token } = this.#credentials;
    const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const sent = request(new URL(path + queryOf(query), server), {
      method,
      agent: this.#agent,
      signal: signal === undefined ? this.#ended.signal : AbortSignal.any([signal, this.#ended.signal]),
      headers: {
        "accept": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined ? {} : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
        "user-agent": "drydock-vscode",
      },
    });
    sent.once("response", resolve).once("error", reject).end(payload);
    const response = await promise;
    const code = response.statusCode ?? 0;
    if (code >= 200 && code < 300) return response;
    throw refusal(code, await textOf(response));
  }
}
