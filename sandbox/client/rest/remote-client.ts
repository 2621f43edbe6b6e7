import { Agent, request as httpsRequest } from "node:https";
import { failure, StatusError, type Status } from "../../apimachinery/errors/status.ts";
import { apiVersionOf, type KubeObject, type ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client, ClientWatch, ClientWatchEvent, DeleteOptions, ListOptions, Place, WriteOptions } from "../client.ts";

/** How to reach an API server, and as whom; all in PEM. */
export interface RemoteClientOptions {
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
  readonly userAgent: string;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

const patchTypes = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
} as const;

/** A client of an API server anywhere, over HTTPS. Causes stay here: the server knows us by our user agent. */
export const remoteClient = (options: RemoteClientOptions): Client => {
  const agent = new Agent({ keepAlive: true, ca: options.certificateAuthority, cert: options.clientCertificate, key: options.clientKey });
  const open = (call: Call) => {
    const url = new URL(call.path, options.server);
    for (const [name, value] of Object.entries(call.query ?? {})) if (value !== undefined) url.searchParams.set(name, String(value));
    const headers: Record<string, string> = { "accept": "application/json", "user-agent": options.userAgent };
    if (options.token) headers["authorization"] = `Bearer ${options.token}`;
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    if (body) {
      headers["content-type"] = call.contentType ?? "application/json";
      // Node gives a DELETE no length of its own.
      headers["content-length"] = String(body.length);
    }
    const sent = httpsRequest(url, { method: call.method, agent, headers });
    sent.end(body);
    return sent;
  };
  const send = <Answer>(call: Call): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = open(call);
      sent.on("error", reject);
      sent.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const code = response.statusCode ?? 500;
          if (code >= 400) reject(refusal(code, text));
          else resolve(JSON.parse(text) as Answer);
        });
      });
    });
  const client: Client = {
    get: (type, place, given) => send({ method: "GET", path: pathOf(type, place, given?.subresource) }),
    list: (type, { namespace, ...query } = {}) => send({ method: "GET", path: pathOf(type, { namespace }), query }),
    watch: (type, given, receiver) => follow(open, type, given, receiver),
    create: (type, object, given) =>
      send({
        method: "POST",
        path: pathOf(type, { namespace: object.metadata.namespace }, given?.subresource),
        query: queryOf(given),
        body: whole(type, object),
      }),
    update: (type, object, given) =>
      send({ method: "PUT", path: pathOf(type, placeOf(object), given?.subresource), query: queryOf(given), body: whole(type, object) }),
    updateStatus: (type, object, given) => client.update(type, object, { ...given, subresource: "status" }),
    patch: (type, place, { type: kind, body }, given) =>
      send({ method: "PATCH", path: pathOf(type, place, given?.subresource), query: queryOf(given), body, contentType: patchTypes[kind] }),
    apply: (type, object, given) =>
      send({
        method: "PATCH",
        path: pathOf(type, placeOf(object), given.subresource),
        query: { ...queryOf(given), force: given.force },
        body: whole(type, object),
        contentType: "application/apply-patch+yaml",
      }),
    async delete<T extends KubeObject>(type: ResourceType<T>, place: Place, given?: DeleteOptions) {
      const left = await send<T>({ method: "DELETE", path: pathOf(type, place), body: deletion(given) });
      return left.kind === "Status" ? undefined : left;
    },
    async deleteCollection(type, { namespace, ...query }, given) {
      await send({ method: "DELETE", path: pathOf(type, { namespace }), query, body: deletion(given) });
    },
    post: (type, place, subresource, body) => send({ method: "POST", path: pathOf(type, place, subresource), body }),
    because: () => client,
  };
  return client;
};

/** `/apis/apps/v1/namespaces/shop/deployments/web/status` */
export const pathOf = (type: ResourceType, { namespace, name }: Partial<Place>, subresource?: string): string =>
  [
    type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`,
    ...(namespace && type.namespaced ? ["namespaces", encodeURIComponent(namespace)] : []),
    type.resource,
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join("/");

const placeOf = ({ metadata }: KubeObject): Place => ({ namespace: metadata.namespace, name: metadata.name ?? "" });

const whole = (type: ResourceType, object: KubeObject): unknown => ({ apiVersion: apiVersionOf(type), kind: type.kind, ...object });

const queryOf = (given: WriteOptions | undefined) => ({ fieldManager: given?.fieldManager, dryRun: given?.dryRun ? "All" : undefined });

const deletion = ({ dryRun, ...given }: DeleteOptions = {}): unknown => ({
  apiVersion: "v1",
  kind: "DeleteOptions",
  ...given,
  ...(dryRun && { dryRun: ["All"] }),
});

const refusal = (code: number, text: string): StatusError => {
  try {
    const status = JSON.parse(text) as Status;
    if ((status.kind as string) === "Status") return new StatusError(status);
  } catch {
    // Whatever stands between us and the API server has answered in its own words.
  }
  return failure(code, "", text);
};

const follow = <T extends KubeObject>(
  open: (call: Call) => ReturnType<typeof httpsRequest>,
  type: ResourceType<T>,
  { namespace, ...query }: ListOptions,
  receiver: { event: (event: ClientWatchEvent<T>) => void; ended: (error?: Error) => void },
): ClientWatch => {
  const sent = open({ method: "GET", path: pathOf(type, { namespace }), query: { ...query, watch: true, allowWatchBookmarks: true } });
  let isOver = false;
  const end = (error?: Error): void => {
    if (isOver) return;
    isOver = true;
    sent.destroy();
    receiver.ended(error);
  };
  const hear = (line: string): void => {
    const { type: what, object } = JSON.parse(line) as { readonly type: string; readonly object: T };
    if (what === "ERROR") end(new StatusError(object as unknown as Status));
    else if (what === "BOOKMARK") receiver.event({ type: what, resourceVersion: object.metadata.resourceVersion ?? "" });
    else receiver.event({ type: what as "ADDED", object });
  };
  sent.on("error", end);
  sent.on("response", (response) => {
    response.setEncoding("utf8");
    const code = response.statusCode ?? 500;
    let rest = "";
    response.on("data", (chunk: string) => {
      rest += chunk;
      if (code >= 400) return;
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (!isOver && line !== "") hear(line);
    });
    response.on("error", end);
    response.on("end", () => end(code >= 400 ? refusal(code, rest) : failure(500, "InternalError", "the watch was closed by the server")));
  });
  return { stop: () => end() };
};
