import type { Duplex } from "node:stream";
import { ByteQueue } from "../byte-queue.ts";
import { HeaderBlocks, type SpdyHeaders } from "./header-block.ts";

const types = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const;
const fin = 1;
/** The longest frame we take. Kubernetes' clients send chunks of 32 KiB. */
const maximumFrame = 1024 * 1024;
const maximumStreams = 256;

/** One stream of a session. */
export interface SpdyStream {
  readonly id: number;
  /** As the client opened it: `streamtype`, `port`, `requestid`. */
  readonly headers: SpdyHeaders;
  readonly input: AsyncIterable<Uint8Array>;
  write(chunk: Uint8Array): void;
  /** Nothing more comes from this side. */
  end(): void;
  reset(): void;
}

/**
 * The server's side of SPDY/3.1 over a connection, as much of it as Kubernetes' clients use (moby/spdystream): streams opened by the
 * client, data both ways, ping, reset. Flow-control windows are not kept: neither do they.
 */
export class SpdySession {
  readonly #connection: Duplex;
  readonly #blocks = new HeaderBlocks();
  readonly #streams = new Map<number, { readonly queue: ByteQueue; ended: boolean }>();
  readonly #opened: (stream: SpdyStream) => void;
  readonly closed: Promise<void>;
  #pending: Buffer = Buffer.alloc(0);
  #reading: Promise<void> = Promise.resolve();

  constructor(connection: Duplex, opened: (stream: SpdyStream) => void) {
    this.#connection = connection;
    this.#opened = opened;
    this.closed = new Promise((resolve) => {
      connection.on("data", (chunk: Buffer) => {
        connection.pause();
        this.#reading = this.#reading
          .then(() => this.#receive(chunk))
          .then(
            () => void connection.resume(),
            () => this.close(),
          );
      });
      for (const event of ["end", "close", "error"]) {
        connection.once(event, () => {
          for (const { queue } of this.#streams.values()) queue.end();
          this.#blocks.close();
          resolve();
        });
      }
    });
    connection.resume();
  }

  close(): void {
    if (!this.#connection.destroyed) this.#connection.end();
    for (const { queue } of this.#streams.values()) queue.end();
  }

  async #receive(chunk: Buffer): Promise<void> {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    while (this.#pending.byteLength >= 8) {
      const length = this.#pending.readUIntBE(5, 3);
      if (length > maximumFrame) throw new Error("SPDY frame is too large");
      if (this.#pending.byteLength < 8 + length) return;
      const head = this.#pending.subarray(0, 8);
      const body = this.#pending.subarray(8, 8 + length);
      this.#pending = this.#pending.subarray(8 + length);
      if (head[0]! & 0x80) await this.#control(head.readUInt16BE(2), head[4]!, body);
      else this.#data(head.readUInt32BE(0), head[4]!, body);
    }
  }

  #data(id: number, flags: number, body: Buffer): void {
    const stream = this.#streams.get(id);
    stream?.queue.write(Buffer.from(body));
    if (flags & fin) stream?.queue.end();
  }

  async #control(type: number, flags: number, body: Buffer): Promise<void> {
    if (type === types.synStream && body.byteLength >= 10) return this.#open(body.readUInt32BE(0) & 0x7fffffff, flags, body.subarray(10));
    if (type === types.ping) this.#send(types.ping, 0, Buffer.from(body));
    else if (type === types.reset && body.byteLength >= 4) this.#forget(body.readUInt32BE(0) & 0x7fffffff);
    else if (type === types.goAway) for (const { queue } of this.#streams.values()) queue.end();
  }

  async #open(id: number, flags: number, block: Buffer): Promise<void> {
    const headers = await this.#blocks.unpack(block);
    if (this.#streams.size >= maximumStreams) throw new Error("too many SPDY streams");
    const queue = new ByteQueue();
    if (flags & fin) queue.end();
    const state = { queue, ended: false };
    this.#streams.set(id, state);
    this.#send(types.synReply, 0, Buffer.concat([uint32(id), await this.#blocks.pack(new Map())]));
    this.#opened({
      id,
      headers,
      input: queue,
      write: (chunk) => this.#sendData(id, 0, chunk),
      end: () => {
        if (state.ended) return;
        state.ended = true;
        this.#sendData(id, fin, new Uint8Array());
      },
      reset: () => {
        this.#send(types.reset, 0, Buffer.concat([uint32(id), uint32(5)]));
        this.#forget(id);
      },
    });
  }

  #forget(id: number): void {
    this.#streams.get(id)?.queue.end();
    this.#streams.delete(id);
  }

  #send(type: number, flags: number, body: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(0x8003, 0);
    head.writeUInt16BE(type, 2);
    head.writeUInt8(flags, 4);
    head.writeUIntBE(body.byteLength, 5, 3);
    this.#write(Buffer.concat([head, body]));
  }

  #sendData(id: number, flags: number, chunk: Uint8Array): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id, 0);
    head.writeUInt8(flags, 4);
    head.writeUIntBE(chunk.byteLength, 5, 3);
    this.#write(Buffer.concat([head, chunk]));
  }

  #write(bytes: Buffer): void {
    if (!this.#connection.destroyed && !this.#connection.writableEnded) this.#connection.write(bytes);
  }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
