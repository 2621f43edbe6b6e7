import type { Mount } from "../cri.ts";
import { FileError } from "./file-error.ts";
import { normalized, type Access, type MemoryFiles } from "./memory-files.ts";
import { standardRoot } from "./standard-root.ts";

export interface ContainerFilesOptions {
  readonly host: MemoryFiles;
  /** Where the container's own changes are kept on the node. */
  readonly root: string;
  readonly mounts: readonly Mount[];
  readonly readonlyRoot: boolean;
  /** Files that the runtime and the kernel make when they are read: `/etc/resolv.conf`, `/proc/1/cmdline`. */
  readonly given: ReadonlyMap<string, () => string>;
  /** Whose the files are that processes make. */
  readonly uid: number;
  readonly gid: number;
}

interface Place {
  readonly host: string;
  readonly readonly: boolean;
  /** Absent within a mount: below it there is no image. */
  readonly image?: string;
}

const imageAccess: Access = { mode: 0o755, uid: 0, gid: 0 };

/** The file system as a process in the container sees it: the image's root, over it its own changes, and over both the mounts. */
export class ContainerFiles {
  readonly #options: ContainerFilesOptions;
  readonly #mounts: readonly { readonly at: string; readonly mount: Mount }[];
  /** What was removed of the image. */
  readonly #removed = new Set<string>();

  constructor(options: ContainerFilesOptions) {
    this.#options = options;
    // The deepest mount point wins.
    this.#mounts = options.mounts
      .map((mount) => ({ at: normalized(mount.containerPath), mount }))
      .sort((a, b) => b.at.length - a.at.length);
  }

  /** Makes what was put off until a process of the container may read it. To be awaited before one runs. */
  async provide(): Promise<void> {
    for (const { mount } of this.#mounts) await this.#options.host.provide(mount.hostPath);
  }

  read(path: string): Uint8Array {
    const place = this.#resolve(path);
    const content = this.#options.host.readNow(place.host);
    if (content) return content;
    const text = this.#imageText(place);
    if (text !== undefined) return Buffer.from(text);
    throw new FileError(this.isDirectory(path) ? "Is a directory" : "No such file or directory");
  }

  mode(path: string): number {
    return this.access(path).mode;
  }

  access(path: string): Access {
    const place = this.#resolve(path);
    const own = this.#options.host.accessNow(place.host);
    if (own && !(place.image !== undefined && this.#isImageFolder(place))) return own;
    if (place.image === "/tmp" || place.image === "/var/tmp") return { ...imageAccess, mode: 0o1777 };
    return this.#imageText(place) !== undefined && !place.image!.startsWith("/bin/")
      ? { ...imageAccess, mode: 0o644 }
      : (own ?? imageAccess);
  }

  changeAccess(path: string, change: Partial<Access>): void {
    const place = this.#writable(path);
    const { host } = this.#options;
    if (host.accessNow(place.host) === undefined) {
      const text = this.#imageText(place);
      if (text === undefined) host.makeDirectoryNow(place.host);
      else host.writeNow(place.host, Buffer.from(text));
    }
    host.changeAccessNow(place.host, change);
  }

  exists(path: string): boolean {
    const place = this.#resolve(path);
    return this.isDirectory(path) || this.#options.host.readNow(place.host) !== undefined || this.#imageText(place) !== undefined;
  }

  isDirectory(path: string): boolean {
    const place = this.#resolve(path);
    return this.#options.host.isDirectoryNow(place.host) || this.#isImageFolder(place) || this.#mountsBelow(path).length > 0;
  }

  /** `tmpfs` for volumes in memory, `ext4` for the node's disk, `overlay` for the image. */
  fileSystem(path: string): "tmpfs" | "ext4" | "overlay" {
    const at = normalized(path);
    const found = this.#mounts.find((each) => at === each.at || at.startsWith(`${each.at}/`));
    if (!found) return "overlay";
    return /kubernetes\.io~(secret|projected|empty-dir-memory)\//.test(found.mount.hostPath) ? "tmpfs" : "ext4";
  }

  /** Names within a folder, those of mount points among them. */
  list(path: string): readonly string[] {
    const place = this.#resolve(path);
    const own = this.#options.host.listNow(place.host);
    const image = this.#isImageFolder(place) ? (this.#imageNames(place.image!) ?? []) : undefined;
    const mounted = this.#mountsBelow(path);
    if (!own && !image && mounted.length === 0) throw new FileError(this.exists(path) ? "Not a directory" : "No such file or directory");
    return [...new Set([...(own ?? []), ...(image ?? []), ...mounted])].sort();
  }

  write(path: string, content: Uint8Array, append = false, mode?: number): void {
    const place = this.#writable(path);
    const { host, uid, gid } = this.#options;
    if (this.isDirectory(path)) throw new FileError("Is a directory");
    if (!this.isDirectory(normalized(path).replace(/\/[^/]*$/, "") || "/")) throw new FileError("No such file or directory");
    const known = host.accessNow(place.host);
    const before = append ? (host.readNow(place.host) ?? Buffer.from(this.#imageText(place) ?? "")) : undefined;
    const all = before && before.byteLength > 0 ? Buffer.concat([before, content]) : content;
    const folder = host.accessNow(place.host.replace(/\/[^/]*$/, ""));
    // A folder with the set-group-ID bit passes its group on.
    const group = folder && folder.mode & 0o2000 ? folder.gid : gid;
    host.writeNow(place.host, all, mode ?? known?.mode ?? 0o644, { uid: known?.uid ?? uid, gid: known?.gid ?? group });
    if (place.image !== undefined) this.#removed.delete(place.image);
  }

  makeDirectory(path: string): void {
    const place = this.#writable(path);
    const { host, uid, gid } = this.#options;
    if (!this.isDirectory(path)) host.makeDirectoryNow(place.host, { mode: 0o755, uid, gid });
  }

  remove(path: string): void {
    const place = this.#writable(path);
    if (this.#mounts.some(({ at }) => at === normalized(path))) throw new FileError("Device or resource busy");
    this.#options.host.removeNow(place.host);
    if (place.image !== undefined) this.#removed.add(place.image);
  }

  #writable(path: string): Place {
    const place = this.#resolve(path);
    if (place.readonly) throw new FileError("Read-only file system");
    return place;
  }

  #isRemoved(image: string): boolean {
    if (this.#removed.size === 0) return false;
    for (let at = image; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) if (this.#removed.has(at)) return true;
    return false;
  }

  #imageText({ image }: Place): string | undefined {
    if (image === undefined || this.#isRemoved(image)) return undefined;
    return this.#options.given.get(image)?.() ?? standardRoot().files.get(image);
  }

  #isImageFolder({ image }: Place): boolean {
    return image !== undefined && !this.#isRemoved(image) && this.#imageNames(image) !== undefined;
  }

  #imageNames(image: string): readonly string[] | undefined {
    const names = standardRoot().folders.get(image);
    if (!names) return undefined;
    const prefix = image === "/" ? "/" : `${image}/`;
    const given = [...this.#options.given.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length).split("/")[0]!);
    return [...names, ...given].filter((name) => !this.#removed.has(prefix + name));
  }

  #mountsBelow(path: string): readonly string[] {
    const at = normalized(path);
    const prefix = at === "/" ? "/" : `${at}/`;
    return this.#mounts.filter((each) => each.at.startsWith(prefix)).map((each) => each.at.slice(prefix.length).split("/")[0]!);
  }

  #resolve(path: string): Place {
    const at = normalized(path);
    const found = this.#mounts.find((each) => at === each.at || at.startsWith(`${each.at}/`));
    if (found) return { host: `${found.mount.hostPath}${at.slice(found.at.length)}`, readonly: found.mount.readonly === true };
    return { host: `${this.#options.root}${at}`, readonly: this.#options.readonlyRoot, image: at };
  }
}
