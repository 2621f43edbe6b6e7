import { crc32 } from "node:zlib";
import type { Cause } from "../../base/trace/cause.ts";

/** One write, as the log keeps it. */
export interface LogRecord {
  readonly revision: number;
  readonly key: string;
  /** Absent: the key was deleted. */
  readonly value: Uint8Array | undefined;
  /** When the key expires, in milliseconds since the epoch. */
  readonly expires?: number;
  readonly cause?: Cause;
}

/** Length and checksum, four bytes each, in front of every record. */
const headSize = 8;
/** No record is longer: a length beyond it is damage, not a record. */
const maximumRecord = 64 * 1024 * 1024;

/** `length crc32 | headerLength header value`: the header is JSON, the value is as it is. */
export const encodeRecord = ({ revision, key, value, expires, cause }: LogRecord): Buffer => {
  const header = Buffer.from(
    JSON.stringify({
      revision,
      key,
      ...(value === undefined && { deleted: true }),
      ...(expires !== undefined && { expires }),
      ...(cause && { cause }),
    }),
  );
  const body = Buffer.allocUnsafe(4 + header.byteLength + (value?.byteLength ?? 0));
  body.writeUInt32LE(header.byteLength, 0);
  header.copy(body, 4);
  if (value) body.set(value, 4 + header.byteLength);
  const head = Buffer.allocUnsafe(headSize);
  head.writeUInt32LE(body.byteLength, 0);
  head.writeUInt32LE(crc32(body), 4);
  return Buffer.concat([head, body]);
};

/** What a log's bytes hold: whole records, and where the first thing stands that is none. */
export interface DecodedLog {
  readonly records: readonly LogRecord[];
  /** Bytes up to here are whole. */
  readonly wholeUntil: number;
  /** Absent when the log is whole. A torn end is what a crash leaves; damage has whole records after it. */
  readonly fault?: "torn" | "damaged";
}

export const decodeLog = (bytes: Buffer): DecodedLog => {
  const records: LogRecord[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    const found = recordAt(bytes, at);
    if (!found) return { records, wholeUntil: at, fault: hasRecordAfter(bytes, at) ? "damaged" : "torn" };
    records.push(found.record);
    at = found.end;
  }
  return { records, wholeUntil: at };
};

const recordAt = (bytes: Buffer, at: number): { readonly record: LogRecord; readonly end: number } | undefined => {
  if (at + headSize + 4 > bytes.byteLength) return undefined;
  const length = bytes.readUInt32LE(at);
  const end = at + headSize + length;
  if (length < 4 || length > maximumRecord || end > bytes.byteLength) return undefined;
  const body = bytes.subarray(at + headSize, end);
  if (crc32(body) !== bytes.readUInt32LE(at + 4)) return undefined;
  const headerLength = body.readUInt32LE(0);
  if (headerLength + 4 > length) return undefined;
  const header = JSON.parse(body.toString("utf8", 4, 4 + headerLength)) as {
    readonly revision: number;
    readonly key: string;
    readonly deleted?: boolean;
    readonly expires?: number;
    readonly cause?: Cause;
  };
  const { deleted, ...rest } = header;
  return { record: { ...rest, value: deleted ? undefined : body.subarray(4 + headerLength) }, end };
};

/** Whether a whole record stands anywhere behind the fault: then it is not merely a write that was cut short. */
const hasRecordAfter = (bytes: Buffer, fault: number): boolean => {
  for (let at = fault + 1; at + headSize + 4 <= bytes.byteLength; at++) {
    const length = bytes.readUInt32LE(at);
    if (length < 16 || at + headSize + length > bytes.byteLength) continue;
    // Cheap look first: a header is JSON.
    if (bytes[at + headSize + 4] !== 0x7b || bytes.readUInt32LE(at + headSize) + 4 > length) continue;
    if (recordAt(bytes, at)) return true;
  }
  return false;
};
