/** How a field's value lies in the bytes. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const firstSize = 1024;

/** Writes a protobuf message from its end to its beginning, so that a length is known when it has to be written. */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(firstSize);
  /** Bytes from here to the end are written. */
  #start = firstSize;

  /** How much is written: the difference of two sizes is the length of what came between. */
  get size(): number {
    return this.#buffer.length - this.#start;
  }

  /** The message; a copy. */
  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(this.#start));
  }

  tag(number: number, wireType: number): void {
    this.varint(number * 8 + wireType);
  }

  /** A whole number; negative ones take ten bytes, as int32 and int64 do. */
  varint(value: number): void {
    if (value < 0) return this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
    if (value > 0x7fff_ffff) return this.#bigVarint(BigInt(value));
    const length = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
    this.#room(length);
    this.#start -= length;
    let rest = value;
    for (let index = 0; index < length - 1; index++, rest >>>= 7) this.#buffer[this.#start + index] = (rest & 0x7f) | 0x80;
    this.#buffer[this.#start + length - 1] = rest;
  }

  #bigVarint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  double(value: number): void {
    this.#room(8);
    this.#start -= 8;
    this.#buffer.writeDoubleLE(value, this.#start);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#start -= bytes.length;
    this.#buffer.set(bytes, this.#start);
  }

  /** Text as the value of a field: length and all. */
  text(text: string): void {
    const length = Buffer.byteLength(text);
    this.#room(length);
    this.#start -= length;
    this.#buffer.write(text, this.#start, length, "utf8");
    this.varint(length);
  }

  /** The value of a field that has been written since the size was `since`: its length, and the tag in front. */
  delimited(number: number, since: number): void {
    this.varint(this.size - since);
    this.tag(number, wireTypes.bytes);
  }

  #room(length: number): void {
    if (this.#start >= length) return;
    const written = this.size;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, written + length));
    this.#buffer.copy(larger, larger.length - written, this.#start);
    this.#start = larger.length - written;
    this.#buffer = larger;
  }
}
