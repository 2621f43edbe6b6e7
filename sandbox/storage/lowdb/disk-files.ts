import { constants } from "node:fs";
import { open, readdir, readFile, rename, rm, type FileHandle } from "node:fs/promises";

/** An open file to which the log is written. */
export interface AppendFile {
  /** Writes all of it, at the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Returns once everything appended is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** The file system below the store, so that tests can let it fail: short writes, EIO, ENOSPC, a lost sync. */
export interface DiskFiles {
  open(path: string): Promise<AppendFile>;
  read(path: string): Promise<Buffer>;
  list(folder: string): Promise<readonly string[]>;
  /** Writes the whole file beside its place, syncs it, puts it in place, and syncs the folder. */
  replace(folder: string, name: string, chunks: Iterable<Uint8Array>): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes names that were created, replaced or removed in the folder durable. */
  syncFolder(folder: string): Promise<void>;
}

const writeAll = async (file: FileHandle, bytes: Uint8Array, position: number | null): Promise<void> => {
  for (let at = 0; at < bytes.byteLength;) {
    const { bytesWritten } = await file.write(bytes, at, bytes.byteLength - at, position === null ? null : position + at);
    at += bytesWritten;
  }
};

/** The host's own file system. */
export const hostDisk: DiskFiles = {
  async open(path) {
    const file = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND, 0o600);
    return {
      append: (bytes) => writeAll(file, bytes, null),
      sync: () => file.datasync(),
      truncate: (length) => file.truncate(length),
      close: () => file.close(),
    };
  },
  read: (path) => readFile(path),
  list: (folder) => readdir(folder),
  async replace(folder, name, chunks) {
    const beside = `${folder}/${name}.new`;
    const file = await open(beside, "w", 0o600);
    try {
      let size = 0;
      let held: Uint8Array[] = [];
      const flush = async (): Promise<void> => {
        await writeAll(file, Buffer.concat(held), null);
        held = [];
        size = 0;
      };
      for (const chunk of chunks) {
        held.push(chunk);
        size += chunk.byteLength;
        if (size > 1024 * 1024) await flush();
      }
      await flush();
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, `${folder}/${name}`);
    await hostDisk.syncFolder(folder);
  },
  remove: (path) => rm(path, { force: true }),
  async syncFolder(folder) {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};
