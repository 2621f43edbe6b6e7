/** Whose a file or folder is; root's where nothing is said. */
export interface Owner {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/**
 * The node's file system, as far as the kubelet uses it: logs, volumes, termination messages. Real for containerd, a tree in
 * memory for simulated nodes. Paths are absolute, with `/` between the parts.
 */
export interface HostFiles {
  /** Undefined where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, content: Uint8Array, mode?: number, owner?: Owner): Promise<void>;
  /** Makes the content when somebody first reads the file: for what is costly to make and seldom read. Absent: write it at once. */
  readonly writeLater?: (path: string, make: () => Promise<Uint8Array>, mode?: number, owner?: Owner) => void;
  append(path: string, content: Uint8Array): Promise<void>;
  /** Makes the folder and those above it. Mode and owner are for the folder alone, and for one that is there already too. */
  makeDirectory(path: string, mode?: number, owner?: Owner): Promise<void>;
  /** The file, or the folder with all in it. Harmless when there is none. */
  remove(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Names within a folder; undefined where there is none. */
  list(path: string): Promise<readonly string[] | undefined>;
  /** Calls `changed` after each change of the file; answers how to stop. */
  follow(path: string, changed: () => void): () => void;
}
