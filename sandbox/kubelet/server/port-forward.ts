import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { ByteQueue } from "./byte-queue.ts";
import { SpdySession, type SpdyStream } from "./spdy/session.ts";

/** Connects to a port of a pod: answers what the pod sends for what comes in. Rejects when nothing listens. */
export type Connect = (port: number, input: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** The SPDY subprotocol of port-forwarding. */
export const portForwardProtocol = "portforward.k8s.io";
/** SPDY frames inside WebSocket messages, as kubectl sends them since 1.31 (KEP-4006). */
export const tunnelProtocol = "SPDY/3.1+portforward.k8s.io";

/** Port-forwarding over SPDY: each connection is a pair of streams, data and error, with the same request id. */
export const forwardOverSpdy = (connection: Duplex, connect: Connect): void => {
  const gone = new AbortController();
  const waiting = new Map<string, { data?: SpdyStream; error?: SpdyStream }>();
  const session = new SpdySession(connection, (stream) => {
    const id = stream.headers.get("requestid") ?? stream.headers.get("port") ?? "";
    const pair = waiting.get(id) ?? {};
    if (stream.headers.get("streamtype") === "error") pair.error = stream;
    else pair.data = stream;
    waiting.set(id, pair);
    if (!pair.data || !pair.error) return;
    waiting.delete(id);
    void forward(pair.data, pair.error, connect, gone.signal);
  });
  void session.closed.then(() => gone.abort());
};

const forward = async (data: SpdyStream, error: SpdyStream, connect: Connect, signal: AbortSignal): Promise<void> => {
  const port = Number(data.headers.get("port"));
  try {
    for await (const chunk of await connect(port, data.input, signal)) data.write(chunk);
  } catch (reason) {
    error.write(Buffer.from((reason as Error).message));
  }
  data.end();
  error.end();
};

/** A WebSocket as a connection for bytes. */
export const tunnelled = (socket: WebSocket): Duplex => {
  const duplex = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => socket.send(chunk, (error) => done(error ?? null)),
    final: (done) => {
      socket.close(1000);
      done();
    },
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  socket.on("message", (data: Buffer) => duplex.push(data));
  socket.once("close", () => duplex.push(null));
  socket.on("error", (error) => duplex.destroy(error));
  return duplex;
};

/** The older form over WebSocket: two channels a port, data and error; the first message of each is the port. */
export const forwardOverChannels = (socket: WebSocket, ports: readonly number[], connect: Connect): void => {
  const gone = new AbortController();
  const inputs = ports.map(() => new ByteQueue());
  const send = (channel: number, chunk: Uint8Array): void => {
    if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([channel]), chunk]));
  };
  socket.on("message", (data: Buffer) => {
    if (data[0]! % 2 === 0) inputs[data[0]! / 2]?.write(data.subarray(1));
  });
  socket.once("close", () => {
    gone.abort();
    for (const input of inputs) input.end();
  });
  socket.on("error", () => gone.abort());
  for (const [index, port] of ports.entries()) {
    const bytes = Buffer.from([port & 255, port >> 8]);
    send(2 * index, bytes);
    send(2 * index + 1, bytes);
    void (async () => {
      try {
        for await (const chunk of await connect(port, inputs[index]!, gone.signal)) send(2 * index, chunk);
      } catch (reason) {
        send(2 * index + 1, Buffer.from((reason as Error).message));
      }
    })();
  }
};
