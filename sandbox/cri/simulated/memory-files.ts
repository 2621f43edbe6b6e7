import type { HostFiles, Owner } from "../host-files.ts";

/** Who may do what with a file or folder. */
export interface Access {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

interface File extends Access {
  readonly content: Uint8Array;
}

const rootFolder: Access = { mode: 0o755, uid: 0, gid: 0 };

/** `/a//b/../c/` → `/a/c`. */
export const normalized = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
};

const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf("/"))) || "/";
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

const done = (work: () => void): Promise<void> =>
  new Promise((resolve) => {
    work();
    resolve();
  });

/** A node's file system in memory. The methods ending in `Now` answer at once; the others are the kubelet's contract. */
export class MemoryFiles implements HostFiles {
  readonly #files = new Map<string, File>();
  readonly #folders = new Map<string, Set<string>>([["/", new Set()]]);
  /** Of folders that are not as usual. */
  readonly #folderAccess = new Map<string, Access>();
  /** What is made when it is first wanted, by path. */
  readonly #awaited = new Map<string, () => Promise<Uint8Array>>();
  readonly #followers = new Map<string, Set<() => void>>();

  readNow(path: string): Uint8Array | undefined {
    return this.#files.get(normalized(path))?.content;
  }

  modeNow(path: string): number | undefined {
    return this.#files.get(normalized(path))?.mode;
  }

  /** Undefined where there is nothing. */
  accessNow(path: string): Access | undefined {
    const at = normalized(path);
    return this.#files.get(at) ?? (this.#folders.has(at) ? (this.#folderAccess.get(at) ?? rootFolder) : undefined);
  }

  changeAccessNow(path: string, change: Partial<Access>): void {
    const at = normalized(path);
    const file = this.#files.get(at);
    if (file) this.#files.set(at, { ...file, ...change });
    else if (this.#folders.has(at)) this.#folderAccess.set(at, { ...(this.#folderAccess.get(at) ?? rootFolder), ...change });
  }

  writeNow(path: string, content: Uint8Array, mode = 0o644, { uid, gid }: Owner = {}): void {
    const at = normalized(path);
    this.makeDirectoryNow(parentOf(at));
    this.#folders.get(parentOf(at))!.add(nameOf(at));
    const before = this.#files.get(at);
    this.#files.set(at, { content, mode, uid: uid ?? before?.uid ?? 0, gid: gid ?? before?.gid ?? 0 });
    this.#changed(at);
  }

  readonly writeLater = (path: string, make: () => Promise<Uint8Array>, mode = 0o644, owner?: Owner): void => {
    this.writeNow(path, new Uint8Array(), mode, owner);
    this.#awaited.set(normalized(path), make);
  };

  /** Makes the files below a folder that were put off until somebody reads them. */
  async provide(folder: string): Promise<void> {
    if (this.#awaited.size === 0) return;
    const prefix = `${normalized(folder)}/`;
    for (const [path, make] of this.#awaited) {
      if (!path.startsWith(prefix)) continue;
      this.#awaited.delete(path);
      const content = await make().catch(() => undefined);
      if (content) this.writeNow(path, content, this.modeNow(path));
      else this.#awaited.set(path, make);
    }
  }

  appendNow(path: string, content: Uint8Array): void {
    const existing = this.readNow(path);
    this.writeNow(path, existing ? Buffer.concat([existing, content]) : content, this.modeNow(path));
  }

  makeDirectoryNow(path: string, access?: Access): void {
    const at = normalized(path);
    if (access) this.#folderAccess.set(at, access);
    if (this.#folders.has(at)) return;
    this.makeDirectoryNow(parentOf(at));
    this.#folders.set(at, new Set());
    this.#folders.get(parentOf(at))!.add(nameOf(at));
  }

  listNow(path: string): readonly string[] | undefined {
    const names = this.#folders.get(normalized(path));
    return names && [...names].sort();
  }

  isDirectoryNow(path: string): boolean {
    return this.#folders.has(normalized(path));
  }

  removeNow(path: string): void {
    const at = normalized(path);
    for (const name of this.#folders.get(at) ?? []) this.removeNow(`${at}/${name}`);
    this.#folders.delete(at);
    this.#folderAccess.delete(at);
    this.#files.delete(at);
    this.#awaited.delete(at);
    this.#folders.get(parentOf(at))?.delete(nameOf(at));
    this.#changed(at);
    this.#followers.delete(at);
  }

  renameNow(from: string, to: string): void {
    const content = this.readNow(from);
    if (content) {
      this.writeNow(to, content, this.modeNow(from));
    } else {
      this.makeDirectoryNow(to);
      for (const name of this.listNow(from) ?? []) this.renameNow(`${from}/${name}`, `${to}/${name}`);
    }
    this.removeNow(from);
  }

  follow(path: string, changed: () => void): () => void {
    const at = normalized(path);
    const followers = this.#followers.get(at) ?? new Set();
    this.#followers.set(at, followers.add(changed));
    return () => followers.delete(changed);
  }

  read = (path: string): Promise<Uint8Array | undefined> => Promise.resolve(this.readNow(path));
  list = (path: string): Promise<readonly string[] | undefined> => Promise.resolve(this.listNow(path));
  write = (path: string, content: Uint8Array, mode?: number, owner?: Owner): Promise<void> =>
    done(() => this.writeNow(path, content, mode, owner));
  append = (path: string, content: Uint8Array): Promise<void> => done(() => this.appendNow(path, content));
  makeDirectory = (path: string, mode?: number, { uid = 0, gid = 0 }: Owner = {}): Promise<void> =>
    done(() => this.makeDirectoryNow(path, mode === undefined ? undefined : { mode, uid, gid }));
  remove = (path: string): Promise<void> => done(() => this.removeNow(path));
  rename = (from: string, to: string): Promise<void> => done(() => this.renameNow(from, to));

  #changed(path: string): void {
    for (const changed of this.#followers.get(path) ?? []) changed();
  }
}
