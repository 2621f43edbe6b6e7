import { DecodeError } from "../errors/decode-error.ts";
import { wireTypes } from "./writer.ts";

/** Deeper than this nobody decodes: the stack must suffice. No real object has fifty levels. */
const deepestMessage = 500;

/** Reads the fields of a protobuf message one after another. Throws DecodeError with gogo-protobuf's words for bytes that are no message. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #depth: number;
  #at: number;
  /** Of the field whose tag was read last. */
  number = 0;
  wireType = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length, depth = 0) {
    if (depth > deepestMessage) throw new DecodeError("proto: exceeded max depth");
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
    this.#depth = depth;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  /** Reads the next tag; false at the end of the message. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    const tag = this.varint();
    this.number = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.number <= 0) throw new DecodeError(`proto: illegal tag ${String(this.number)} (wire type ${String(tag)})`);
    return true;
  }

  /** As a number: exact up to 2^53, signed as int64. */
  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    let big = BigInt(value);
    for (let shift = 28n; shift < 64n; shift += 7n) {
      const byte = this.#byte();
      big += BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, big));
    }
    throw new DecodeError("proto: integer overflow");
  }

  double(): number {
    const at = this.#take(8);
    return this.#bytes.readDoubleLE(at);
  }

  text(): string {
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.toString("utf8", at, at + length);
  }

  /** A view, not a copy. */
  bytes(): Buffer {
    const length = this.#length();
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A reader of the message that is the current field's value. */
  message(): ProtobufReader {
    const length = this.#length();
    const at = this.#take(length);
    return new ProtobufReader(this.#bytes, at, at + length, this.#depth + 1);
  }

  /** Checks that the current field is written as its type wants it. */
  expect(wireType: number, name: string): void {
    if (this.wireType !== wireType) throw new DecodeError(`proto: wrong wireType = ${String(this.wireType)} for field ${name}`);
  }

  /** Passes over the current field's value. */
  skip(): void {
    if (this.wireType === wireTypes.varint) this.varint();
    else if (this.wireType === wireTypes.fixed64) this.#take(8);
    else if (this.wireType === wireTypes.bytes) this.#take(this.#length());
    else if (this.wireType === wireTypes.fixed32) this.#take(4);
    else throw new DecodeError(`proto: illegal wireType ${String(this.wireType)}`);
  }

  #length(): number {
    const length = this.varint();
    if (length < 0) throw new DecodeError("proto: negative length found during unmarshaling");
    return length;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.#end - at) throw new DecodeError("unexpected EOF");
    this.#at = at + length;
    return at;
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new DecodeError("unexpected EOF");
    return this.#bytes[this.#at++]!;
  }
}
