import { Agent, request as httpsRequest } from "node:https";
import { failure, StatusError, type Status } from "../../apimachinery/errors/status.ts";
import type { KubeList, KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { ListOptions, Place } from "../client.ts";

/** What reaching a cluster over HTTPS needs; certificates and keys in PEM. */
export interface Connection {
  readonly server: string;
  readonly certificateAuthority?: string;
  readonly insecure?: boolean;
  readonly serverName?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
}

/** How many objects one page of a list has at most, as client-go's pager asks. */
const pageSize = 500;

/** Any API server over HTTPS: read by type, or asked by path. Failures are StatusErrors. */
export class RemoteApi {
  readonly #connection: Connection;
  readonly #agent: Agent;

  constructor(connection: Connection) {
    this.#connection = connection;
    const { certificateAuthority, clientCertificate, clientKey, insecure, serverName } = connection;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
      ...(clientCertificate !== undefined && { cert: clientCertificate }),
      ...(clientKey !== undefined && { key: clientKey }),
      ...(serverName !== undefined && { servername: serverName }),
      ...(insecure && { rejectUnauthorized: false }),
    });
  }

  get<T extends KubeObject>(type: ResourceType<T>, place: Place): Promise<T> {
    return this.ask<T>("GET", `${pathOf(type, place.namespace)}/${encodeURIComponent(place.name)}`);
  }

  /** The whole list, read page by page at one revision. */
  async list<T extends KubeObject>(type: ResourceType<T>, { namespace, ...options }: ListOptions = {}): Promise<KubeList<T>> {
    const items: T[] = [];
    let next: string | undefined;
    for (;;) {
      const query = new URLSearchParams({ limit: String(options.limit ?? pageSize) });
      for (const key of ["labelSelector", "fieldSelector"] as const) if (options[key] !== undefined) query.set(key, options[key]);
      if (next !== undefined) query.set("continue", next);
      const page = await this.ask<KubeList<T>>("GET", `${pathOf(type, namespace)}?${query.toString()}`);
      items.push(...page.items);
      next = page.metadata.continue;
      if (!next || options.limit !== undefined) return { ...page, items };
    }
  }

  /** One request with a JSON body; answers what came back. */
  ask<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
    const { server, token } = this.#connection;
    const url = new URL(`${server.replace(/\/+$/, "")}${path}`);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const outgoing = httpsRequest(
      url,
      {
        method,
        agent: this.#agent,
        headers: {
          accept: "application/json",
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(signal && { signal }),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          try {
            resolve(answerOf<Answer>(incoming.statusCode ?? 0, Buffer.concat(chunks).toString("utf8")));
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  close(): void {
    this.#agent.destroy();
  }
}

const pathOf = ({ group, version, resource, namespaced }: ResourceType, namespace: string | undefined): string => {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ""}/${resource}`;
};

const answerOf = <Answer>(code: number, text: string): Answer => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (code >= 200 && code < 300 && value !== undefined) return value as Answer;
  if ((value as Status | undefined)?.kind === "Status") throw new StatusError(value as Status);
  throw failure(code, code === 404 ? "NotFound" : "", text.trim() || `the server answered ${String(code)}`);
};
