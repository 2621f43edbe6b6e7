import { constants, createDeflate, createInflate, type Deflate, type Inflate } from "node:zlib";
import { spdyDictionary } from "./dictionary.ts";

export type SpdyHeaders = ReadonlyMap<string, string>;

/** The most that one header block may unpack to: a stranger's bytes must not fill our memory. */
const maximumBlock = 64 * 1024;

/** Packs and unpacks header blocks. Each direction of a session is one zlib stream, so blocks must come in order. */
export class HeaderBlocks {
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary });
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary });

  async pack(headers: SpdyHeaders): Promise<Buffer> {
    const parts: Buffer[] = [uint32(headers.size)];
    for (const [name, value] of headers) parts.push(sized(name), sized(value));
    return through(this.#deflate, Buffer.concat(parts));
  }

  /** Throws when the block is none. */
  async unpack(block: Buffer): Promise<SpdyHeaders> {
    const text = await through(this.#inflate, block);
    const headers = new Map<string, string>();
    let at = 0;
    const number = (): number => {
      if (at + 4 > text.byteLength) throw new Error("SPDY header block is cut short");
      at += 4;
      return text.readUInt32BE(at - 4);
    };
    const string = (): string => {
      const length = number();
      if (at + length > text.byteLength) throw new Error("SPDY header block is cut short");
      at += length;
      return text.toString("utf8", at - length, at);
    };
    for (let left = number(); left > 0; left--) headers.set(string().toLowerCase(), string());
    return headers;
  }

  close(): void {
    this.#deflate.close();
    this.#inflate.close();
  }
}

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const sized = (text: string): Buffer => Buffer.concat([uint32(Buffer.byteLength(text)), Buffer.from(text)]);

const through = (stream: Deflate | Inflate, bytes: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer): void => {
      size += chunk.byteLength;
      if (size > maximumBlock) stream.destroy(new Error("SPDY header block is too large"));
      else chunks.push(chunk);
    };
    const fail = (error: Error): void => reject(error);
    stream.on("data", take);
    stream.once("error", fail);
    stream.write(bytes);
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off("data", take);
      stream.off("error", fail);
      resolve(Buffer.concat(chunks));
    });
  });
