import type { Mount } from "../cri.ts";
import { normalized, type MemoryFiles } from "./memory-files.ts";

/** A process was refused by its file system; the words are the C library's. */
export class FileError extends Error {}

/** The file system as a process in the container sees it: its own root, and over it the mounts. */
export class ContainerFiles {
  readonly #host: MemoryFiles;
  readonly #root: string;
  readonly #mounts: readonly Mount[];
  readonly #readonlyRoot: boolean;

  constructor(host: MemoryFiles, root: string, mounts: readonly Mount[], readonlyRoot: boolean) {
    this.#host = host;
    this.#root = root;
    this.#readonlyRoot = readonlyRoot;
    // The deepest mount point wins.
    this.#mounts = [...mounts].sort((a, b) => b.containerPath.length - a.containerPath.length);
    host.makeDirectoryNow(root);
  }

  /** Makes what was put off until a process of the container may read it. To be awaited before one runs. */
  async provide(): Promise<void> {
    for (const { hostPath } of this.#mounts) await this.#host.provide(hostPath);
  }

  read(path: string): Uint8Array {
    const at = this.#resolve(path).host;
    const content = this.#host.readNow(at);
    if (content) return content;
    throw new FileError(this.isDirectory(path) ? "Is a directory" : "No such file or directory");
  }

  mode(path: string): number {
    return this.#host.modeNow(this.#resolve(path).host) ?? 0o755;
  }

  exists(path: string): boolean {
    return this.isDirectory(path) || this.#host.readNow(this.#resolve(path).host) !== undefined;
  }

  isDirectory(path: string): boolean {
    return (
      this.#host.isDirectoryNow(this.#resolve(path).host) ||
      this.#mounts.some(({ containerPath }) => normalized(containerPath).startsWith(`${normalized(path)}/`))
    );
  }

  /** Names within a folder, those of mount points among them. */
  list(path: string): readonly string[] {
    const at = normalized(path);
    const names = this.#host.listNow(this.#resolve(path).host);
    if (!names && !this.isDirectory(path)) throw new FileError("No such file or directory");
    const prefix = at === "/" ? "/" : `${at}/`;
    const mounted = this.#mounts
      .map(({ containerPath }) => normalized(containerPath))
      .filter((each) => each.startsWith(prefix) && each !== at);
    return [...new Set([...(names ?? []), ...mounted.map((each) => each.slice(prefix.length).split("/")[0]!)])].sort();
  }

  write(path: string, content: Uint8Array, append = false): void {
    const { host, readonly } = this.#resolve(path);
    if (readonly) throw new FileError("Read-only file system");
    if (this.#host.isDirectoryNow(host)) throw new FileError("Is a directory");
    if (append) this.#host.appendNow(host, content);
    else this.#host.writeNow(host, content, this.#host.modeNow(host));
  }

  makeDirectory(path: string): void {
    const { host, readonly } = this.#resolve(path);
    if (readonly) throw new FileError("Read-only file system");
    this.#host.makeDirectoryNow(host);
  }

  remove(path: string): void {
    const { host, readonly } = this.#resolve(path);
    if (readonly) throw new FileError("Read-only file system");
    this.#host.removeNow(host);
  }

  #resolve(path: string): { readonly host: string; readonly readonly: boolean } {
    const at = normalized(path);
    const mount = this.#mounts.find(
      ({ containerPath }) => at === normalized(containerPath) || at.startsWith(`${normalized(containerPath)}/`),
    );
    if (!mount) return { host: `${this.#root}${at}`, readonly: this.#readonlyRoot };
    return { host: `${mount.hostPath}${at.slice(normalized(mount.containerPath).length)}`, readonly: mount.readonly === true };
  }
}
