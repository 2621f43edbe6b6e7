import { crc32 } from "node:zlib";
import { Low, type Adapter } from "lowdb";
import type { KeyValue } from "../storage.ts";
import type { DiskFiles } from "./disk-files.ts";

/** The whole store at one revision. */
export interface Snapshot {
  readonly revision: number;
  readonly items: readonly SnapshotItem[];
}

export interface SnapshotItem extends KeyValue {
  /** When the key expires, in milliseconds since the epoch. */
  readonly expires?: number;
}

/** The file is none of ours, or damaged: what is wrong, and where. */
export class SnapshotError extends Error {}

const magic = "drydock snapshot 1\n";

/**
 * lowdb's adapter for snapshots. A line an object: its facts as JSON and the length of its value, then the value as it is; a checksum at the end. Values are
 * not parsed, neither written nor read: 100 MB take as long as the disk does.
 */
class SnapshotAdapter implements Adapter<Snapshot> {
  readonly #files: DiskFiles;
  readonly #folder: string;
  readonly #name: string;

  constructor(files: DiskFiles, folder: string, name: string) {
    this.#files = files;
    this.#folder = folder;
    this.#name = name;
  }

  async read(): Promise<Snapshot | null> {
    const names = await this.#files.list(this.#folder);
    return names.includes(this.#name) ? decode(await this.#files.read(`${this.#folder}/${this.#name}`)) : null;
  }

  write(snapshot: Snapshot): Promise<void> {
    return this.#files.replace(this.#folder, this.#name, encode(snapshot));
  }
}

/** The snapshot of a data folder, as a lowdb database. */
export const snapshotDatabase = (files: DiskFiles, folder: string, name = "snapshot.db"): Low<Snapshot> =>
  new Low(new SnapshotAdapter(files, folder, name), { revision: 1, items: [] });

function* encode({ revision, items }: Snapshot): Generator<Uint8Array> {
  let sum = 0;
  const checked = (bytes: Uint8Array): Uint8Array => {
    sum = crc32(bytes, sum);
    return bytes;
  };
  yield checked(Buffer.from(`${magic}${JSON.stringify({ revision, count: items.length })}\n`));
  for (const { key, value, createRevision, modRevision, expires } of items) {
    const facts = JSON.stringify({ key, createRevision, modRevision, length: value.byteLength, ...(expires !== undefined && { expires }) });
    yield checked(Buffer.from(`${facts}\n`));
    yield checked(value);
    yield checked(Buffer.from("\n"));
  }
  yield Buffer.from(`${sum.toString(16).padStart(8, "0")}\n`);
}

const decode = (bytes: Buffer): Snapshot => {
  if (bytes.toString("latin1", 0, magic.length) !== magic) throw new SnapshotError("this is not a snapshot of Drydock's");
  const end = bytes.byteLength - 9;
  const sum = bytes.toString("latin1", end, end + 8);
  if (end < magic.length || crc32(bytes.subarray(0, end)).toString(16).padStart(8, "0") !== sum)
    throw new SnapshotError("the snapshot is damaged: its checksum does not fit");
  let at = magic.length;
  const line = (): string => {
    const start = at;
    at = bytes.indexOf(10, at) + 1;
    return bytes.toString("utf8", start, at - 1);
  };
  const { revision, count } = JSON.parse(line()) as { readonly revision: number; readonly count: number };
  const items: SnapshotItem[] = [];
  for (let index = 0; index < count; index++) {
    const { length, ...facts } = JSON.parse(line()) as Omit<SnapshotItem, "value"> & { readonly length: number };
    items.push({ ...facts, value: bytes.subarray(at, at + length) });
    at += length + 1;
  }
  return { revision, items };
};
