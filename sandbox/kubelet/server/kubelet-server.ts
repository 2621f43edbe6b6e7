import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { Pod } from "../../api/types.ts";
import type { ContainerRuntime } from "../../cri/cri.ts";
import { logDirectoryOf } from "../pod-facts.ts";
import type { Kubelet } from "../kubelet.ts";
import { isRunning, newestOf, readRuntimePod, sandboxOf } from "../runtime-pod.ts";
import { containerLogs, type LogOptions } from "./container-logs.ts";
import { forwardOverChannels, forwardOverSpdy, portForwardProtocol, tunnelled, tunnelProtocol, type Connect } from "./port-forward.ts";
import { commandQuery, exitStatus, failedStatus, type CommandChannels, type CommandQuery } from "./remote-command.ts";
import { spdyChannels, spdyCommandProtocols } from "./spdy-command.ts";
import { commandProtocols, webSocketChannels } from "./websocket-command.ts";

/** What the kubelet's API answers to a plain request. */
export interface KubeletAnswer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string | AsyncIterable<Uint8Array>;
}

const plain = (code: number, body: string): KubeletAnswer => ({ code, contentType: "text/plain; charset=utf-8", body });

/**
 * The kubelet's API: logs, exec, attach and port-forward, by the paths under which the API server asks for them
 * (`/containerLogs/<namespace>/<pod>/<container>`, `/exec/…`, `/attach/…`, `/portForward/<namespace>/<pod>`).
 */
export class KubeletServer {
  readonly #kubelet: Kubelet;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...commandProtocols, tunnelProtocol].find((each) => offered.has(each)) ?? false,
  });

  constructor(kubelet: Kubelet) {
    this.#kubelet = kubelet;
  }

  async serve(path: string, query: URLSearchParams, signal: AbortSignal): Promise<KubeletAnswer> {
    const [what, namespace = "", name = "", container = ""] = path.split("/").filter(Boolean).map(decodeURIComponent);
    if (what === "healthz") return plain(200, "ok");
    if (what === "pods" || what === "runningpods")
      return {
        code: 200,
        contentType: "application/json",
        body: JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items: this.#kubelet.pods }),
      };
    if (what !== "containerLogs") return plain(404, "404 page not found\n");
    const pod = this.#kubelet.podNamed(namespace, name);
    if (!pod) return plain(404, `pod "${name}" not found\n`);
    return this.#logs(pod, container, query, signal);
  }

  /** Takes over the connection; `path` and `query` are the kubelet's, not those of the API server's client. */
  async upgrade(path: string, query: URLSearchParams, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const [what, namespace = "", name = "", container = ""] = path.split("/").filter(Boolean).map(decodeURIComponent);
    const pod = this.#kubelet.podNamed(namespace, name);
    if (!pod) {
      refuse(socket, 404, `pod "${name}" not found`);
      return;
    }
    const { streaming } = this.#kubelet.runtime;
    if (streaming.kind !== "local") {
      refuse(socket, 501, "this runtime streams by URL");
      return;
    }
    const runtimePod = await readRuntimePod(this.#kubelet.runtime, pod.metadata.uid!);
    if (what === "portForward") {
      const sandbox = sandboxOf(runtimePod);
      if (!sandbox) {
        refuse(socket, 500, `unable to find the sandbox of pod "${name}"`);
        return;
      }
      const connect: Connect = (port, input, signal) => streaming.portForward(sandbox.id, port, input, signal);
      this.#portForward(query, request, socket, head, connect);
      return;
    }
    const newest = newestOf(runtimePod, container);
    if (!newest || !isRunning(newest)) {
      refuse(
        socket,
        newest ? 500 : 404,
        newest ? `container ${container} is not running` : `unable to upgrade connection: container not found ("${container}")`,
      );
      return;
    }
    const asked = commandQuery(query);
    const run = (channels: CommandChannels): Promise<void> =>
      what === "exec" ? exec(streaming, newest.id, asked, channels) : attach(streaming, newest.id, asked, channels);
    return this.#command(asked, request, socket, head, run);
  }

  async #logs(pod: Pod, container: string, query: URLSearchParams, signal: AbortSignal): Promise<KubeletAnswer> {
    const { runtime, files } = this.#kubelet;
    const runtimePod = await readRuntimePod(runtime, pod.metadata.uid!);
    const attempts = runtimePod.containers.filter(({ metadata }) => metadata.name === container);
    const chosen = attempts[query.get("previous") === "true" ? 1 : 0];
    if (!chosen) {
      const why =
        query.get("previous") === "true"
          ? `previous terminated container "${container}" in pod "${pod.metadata.name ?? ""}" not found`
          : waitingMessage(pod, container);
      return plain(400, why);
    }
    const number = (name: string): number | undefined => (query.has(name) ? Number(query.get(name)) : undefined);
    const sinceSeconds = number("sinceSeconds");
    const sinceTime = query.get("sinceTime");
    const since =
      sinceSeconds !== undefined ? this.#kubelet.now() - sinceSeconds * 1000 : sinceTime !== null ? Date.parse(sinceTime) : undefined;
    const stream = query.get("stream");
    const options: LogOptions = {
      follow: query.get("follow") === "true",
      timestamps: query.get("timestamps") === "true",
      ...(number("tailLines") !== undefined && { tailLines: number("tailLines") }),
      ...(number("limitBytes") !== undefined && { limitBytes: number("limitBytes") }),
      ...(since !== undefined && { since }),
      ...((stream === "Stdout" || stream === "Stderr") && { stream: stream.toLowerCase() as "stdout" }),
    };
    return {
      code: 200,
      contentType: "text/plain",
      body: containerLogs(
        files,
        `${logDirectoryOf(pod)}/${container}/${chosen.metadata.attempt}.log`,
        options,
        ended(runtime, chosen.id),
        signal,
      ),
    };
  }

  async #command(
    query: CommandQuery,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    run: (channels: CommandChannels) => Promise<void>,
  ): Promise<void> {
    if (isWebSocket(request)) {
      this.#webSockets.handleUpgrade(request, socket, head, (client) => void run(webSocketChannels(client, query, new AbortController())));
      return;
    }
    const protocol = agreeSpdy(request, socket, spdyCommandProtocols);
    if (protocol === undefined) return;
    socket.unshift(head);
    const channels = await spdyChannels(socket, protocol, query).catch(() => undefined);
    if (channels) await run(channels);
  }

  #portForward(query: URLSearchParams, request: IncomingMessage, socket: Duplex, head: Buffer, connect: Connect): void {
    if (isWebSocket(request)) {
      const ports = query
        .getAll("ports")
        .concat(query.getAll("port"))
        .flatMap((each) => each.split(",").map(Number));
      this.#webSockets.handleUpgrade(request, socket, head, (client) => {
        if (client.protocol === tunnelProtocol) forwardOverSpdy(tunnelled(client), connect);
        else forwardOverChannels(client, ports, connect);
      });
      return;
    }
    if (agreeSpdy(request, socket, [portForwardProtocol]) === undefined) return;
    socket.unshift(head);
    forwardOverSpdy(socket, connect);
  }
}

type LocalStreaming = Extract<ContainerRuntime["streaming"], { kind: "local" }>;

const exec = async (streaming: LocalStreaming, id: string, query: CommandQuery, channels: CommandChannels): Promise<void> => {
  try {
    const code = await streaming.exec(id, query.command, streamsOf(query, channels));
    channels.finish(exitStatus(code));
  } catch (error) {
    channels.finish(failedStatus((error as Error).message));
  }
};

const attach = async (streaming: LocalStreaming, id: string, query: CommandQuery, channels: CommandChannels): Promise<void> => {
  try {
    await streaming.attach(id, streamsOf(query, channels));
    channels.finish(exitStatus(0));
  } catch (error) {
    channels.finish(failedStatus((error as Error).message));
  }
};

const streamsOf = ({ tty }: CommandQuery, { stdin, stdout, stderr, resize, signal }: CommandChannels) => ({
  ...(stdin && { stdin }),
  stdout,
  stderr,
  resize,
  tty,
  signal,
});

const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === "websocket";

/** Answers 101 with the best protocol that both sides speak; undefined after a refusal. */
const agreeSpdy = ({ headers }: IncomingMessage, socket: Duplex, spoken: readonly string[]): string | undefined => {
  if (headers.upgrade?.toLowerCase() !== "spdy/3.1") {
    refuse(socket, 400, "unable to upgrade: missing upgrade headers in request");
    return undefined;
  }
  const offered = [headers["x-stream-protocol-version"] ?? []].flat().flatMap((each) => each.split(",").map((one) => one.trim()));
  const protocol = offered.length === 0 ? spoken.at(-1) : spoken.find((each) => offered.includes(each));
  if (protocol === undefined) {
    refuse(socket, 403, `unable to negotiate protocol: client supports [${offered.join(" ")}], server accepts [${spoken.join(" ")}]`);
    return undefined;
  }
  const agreed = offered.length === 0 ? "" : `X-Stream-Protocol-Version: ${protocol}\r\n`;
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${agreed}\r\n`);
  return protocol;
};

const refuse = (socket: Duplex, code: number, message: string): void => {
  socket.end(
    `HTTP/1.1 ${code} ${code === 404 ? "Not Found" : "Error"}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(message)}\r\nConnection: close\r\n\r\n${message}`,
  );
};

const waitingMessage = (pod: Pod, container: string): string => {
  const waiting = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(
    ({ name }) => name === container,
  )?.state?.waiting;
  const reason = waiting?.reason ?? "ContainerCreating";
  const why = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull"].includes(reason)
    ? "trying and failing to pull image"
    : reason;
  return `container "${container}" in pod "${pod.metadata.name ?? ""}" is waiting to start: ${why}`;
};

/** Resolves when the container has ended; never, for a runtime that tells of nothing. */
const ended = (runtime: ContainerRuntime, id: string): Promise<void> =>
  new Promise((resolve) => {
    const unheard = runtime.events?.(({ type, containerId }) => {
      if (containerId !== id || type === "CONTAINER_STARTED_EVENT") return;
      unheard?.();
      resolve();
    });
    void runtime.runtime.containerStatus(id).then(
      ({ state }) => (state === "CONTAINER_EXITED" ? resolve() : undefined),
      () => resolve(),
    );
  });
