import type { WebSocket } from "ws";
import { ByteQueue } from "./byte-queue.ts";
import { parseSize, type CommandChannels, type CommandQuery } from "./remote-command.ts";

/** Subprotocols of exec and attach over WebSocket, best first. */
export const commandProtocols = [
  "v5.channel.k8s.io",
  "v4.channel.k8s.io",
  "v3.channel.k8s.io",
  "v2.channel.k8s.io",
  "channel.k8s.io",
  "v4.base64.channel.k8s.io",
  "base64.channel.k8s.io",
];

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

/** The channels of remote commands over a WebSocket: the first byte of each message says which. */
export const webSocketChannels = (socket: WebSocket, { stdin }: CommandQuery, gone: AbortController): CommandChannels => {
  const base64 = socket.protocol.includes("base64");
  const structured = /^v[45]\./.test(socket.protocol);
  const input = new ByteQueue();
  const resizers = new Set<(size: { readonly width: number; readonly height: number }) => void>();
  const send = (to: number, chunk: Uint8Array): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (base64) socket.send(`${to}${Buffer.from(chunk).toString("base64")}`);
    else socket.send(Buffer.concat([Buffer.from([to]), chunk]));
  };
  socket.on("message", (data: Buffer) => {
    const from = base64 ? Number(data.toString("latin1", 0, 1)) : data[0];
    const chunk = base64 ? Buffer.from(data.toString("latin1", 1), "base64") : data.subarray(1);
    if (from === channel.stdin) input.write(chunk);
    else if (from === channel.close && chunk[0] === channel.stdin) input.end();
    else if (from === channel.resize) {
      const size = parseSize(chunk.toString("utf8"));
      if (size) for (const listener of resizers) listener(size);
    }
  });
  socket.once("close", () => {
    input.end();
    gone.abort();
  });
  socket.on("error", () => gone.abort());
  return {
    stdin: stdin ? input : undefined,
    stdout: (chunk) => send(channel.stdout, chunk),
    stderr: (chunk) => send(channel.stderr, chunk),
    resize: (listener) => void resizers.add(listener),
    finish: (status) => {
      if (structured) send(channel.error, Buffer.from(JSON.stringify(status)));
      else if (status.status === "Failure") send(channel.error, Buffer.from(status.message ?? ""));
      socket.close(1000);
    },
    signal: gone.signal,
  };
};
