import type { AppendFile, DiskFiles } from "./disk-files.ts";
import { decodeLog, encodeRecord, type LogRecord } from "./record.ts";

/** The log is damaged in its middle: what follows may not be dropped in silence. */
export class DamagedLogError extends Error {
  readonly path: string;
  readonly offset: number;
  constructor(path: string, offset: number, what = "with whole records behind it") {
    super(`${path} is damaged at byte ${offset}, ${what}; nothing was changed`);
    this.name = "DamagedLogError";
    this.path = path;
    this.offset = offset;
  }
}

/** A write could not be made durable; it has not happened. */
export class DurabilityError extends Error {
  constructor(cause: unknown) {
    super(`the write could not be made durable: ${(cause as Error).message}`, { cause });
    this.name = "DurabilityError";
  }
}

interface Waiting {
  readonly record: LogRecord;
  readonly durable: () => void;
  readonly failed: (error: Error) => void;
}

const segmentName = (first: number): string => `log-${String(first).padStart(16, "0")}`;
export const segmentPattern = /^log-(\d{16})$/;

/**
 * The write-ahead log: records in segments, each named for its first revision. Writes that arrive while the disk is busy go out
 * together, with one sync for all of them (group commit).
 */
export class WriteAheadLog {
  readonly #files: DiskFiles;
  readonly #folder: string;
  #file: AppendFile | undefined;
  #length = 0;
  #waiting: Waiting[] = [];
  #marks: (() => void)[] = [];
  #flushing: Promise<void> | undefined;
  #rotating = false;

  constructor(files: DiskFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Bytes in the segment that is written now. */
  get length(): number {
    return this.#length;
  }

  /** Reads what is there, in order; cuts a torn end. Throws DamagedLogError. */
  async read(note: (message: string) => void): Promise<readonly LogRecord[]> {
    const names = (await this.#files.list(this.#folder)).filter((name) => segmentPattern.test(name)).sort();
    const records: LogRecord[] = [];
    for (const [index, name] of names.entries()) {
      const path = `${this.#folder}/${name}`;
      const bytes = await this.#files.read(path);
      const { records: own, wholeUntil, fault } = decodeLog(bytes);
      const next = Number(segmentPattern.exec(names[index + 1] ?? "")?.[1] ?? Number.POSITIVE_INFINITY);
      for (const record of own) {
        // A write that failed and could not be cut off again ends its segment; the next one goes on where it stood.
        if (record.revision >= next) break;
        if (records.length > 0 && record.revision !== records.at(-1)!.revision + 1)
          throw new DamagedLogError(path, 0, `revision ${record.revision} does not follow ${records.at(-1)!.revision}`);
        records.push(record);
      }
      if (!fault) continue;
      if (fault === "damaged" || (next !== Number.POSITIVE_INFINITY && next !== (records.at(-1)?.revision ?? 0) + 1))
        throw new DamagedLogError(path, wholeUntil);
      note(`${path}: ${bytes.byteLength - wholeUntil} bytes of an unfinished write were cut off`);
      const file = await this.#files.open(path);
      await file.truncate(wholeUntil);
      await file.sync();
      await file.close();
    }
    return records;
  }

  /** Calls `durable` once the record is on the disk; `failed` when it cannot be, and then nothing of it stays. */
  append(record: LogRecord, durable: () => void, failed: (error: Error) => void): void {
    this.#waiting.push({ record, durable, failed });
    this.#flushing ??= this.#flush();
  }

  /** Everything appended so far is on the disk, or has failed. Does not wait for what is appended later. */
  flushed(): Promise<void> {
    return this.#flushing ? new Promise((resolve) => this.#marks.push(resolve)) : Promise.resolve();
  }

  /** The next record begins a new segment. */
  rotate(): void {
    this.#rotating = true;
  }

  /** Removes segments of which every record is at or before the revision. */
  async removeThrough(revision: number): Promise<void> {
    const firsts = (await this.#files.list(this.#folder)).flatMap((name) => segmentPattern.exec(name)?.[1] ?? []).sort();
    for (const [index, first] of firsts.entries()) {
      const next = firsts[index + 1];
      if (next !== undefined && Number(next) <= revision + 1) await this.#files.remove(`${this.#folder}/log-${first}`);
    }
    await this.#files.syncFolder(this.#folder);
  }

  async close(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0 || this.#marks.length > 0) {
      const batch = this.#waiting;
      const marks = this.#marks.splice(0);
      this.#waiting = [];
      try {
        if (batch.length > 0) await this.#write(batch);
      } catch (error) {
        await this.#undo();
        // Later writes were numbered after these: none of them can stand.
        for (const { failed } of [...batch, ...this.#waiting.splice(0)]) failed(new DurabilityError(error));
        for (const mark of marks) mark();
        continue;
      }
      for (const { durable } of batch) durable();
      for (const mark of marks) mark();
    }
    this.#flushing = undefined;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    const file = await this.#segment(batch[0]!.record.revision);
    const bytes = Buffer.concat(batch.map(({ record }) => encodeRecord(record)));
    await file.append(bytes);
    await file.sync();
    this.#length += bytes.byteLength;
  }

  async #segment(first: number): Promise<AppendFile> {
    if (this.#file && !this.#rotating) return this.#file;
    const old = this.#file;
    this.#file = undefined;
    this.#rotating = false;
    this.#length = 0;
    await old?.close();
    const file = await this.#files.open(`${this.#folder}/${segmentName(first)}`);
    try {
      // What stands there is a first write that failed and could not be cut off.
      await file.truncate(0);
      // A file whose name is not on the disk is none: it is written to only after this.
      await this.#files.syncFolder(this.#folder);
    } catch (error) {
      await file.close().catch(() => undefined);
      throw error;
    }
    return (this.#file = file);
  }

  /** What a failed write may have left behind is cut off again; where even that fails, the next write begins a new segment. */
  async #undo(): Promise<void> {
    try {
      await this.#file?.truncate(this.#length);
      await this.#file?.sync();
    } catch {
      await this.#file?.close().catch(() => undefined);
      this.#file = undefined;
    }
  }
}
