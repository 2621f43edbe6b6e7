import { commands } from "./shell/commands/index.ts";

/** The folders of a usual image. */
const folders = [
  "bin", "dev", "dev/pts", "dev/shm", "etc", "home", "lib", "proc", "proc/1", "proc/self", "root", "run", "sbin", "sys", "tmp", "usr", "usr/bin", "usr/local", "usr/local/bin",
  "usr/sbin", "var", "var/log", "var/run", "var/tmp",
]; // prettier-ignore

const passwd = [
  "root:x:0:0:root:/root:/bin/sh",
  "daemon:x:1:1:daemon:/usr/sbin:/bin/false",
  "bin:x:2:2:bin:/bin:/bin/false",
  "www-data:x:33:33:www-data:/var/www:/bin/false",
  "nobody:x:65534:65534:nobody:/home:/bin/false",
];
const group = ["root:x:0:", "daemon:x:1:", "bin:x:2:", "tty:x:5:", "www-data:x:33:", "users:x:100:", "nobody:x:65534:"];

/** What every simulated image has: folder names by folder, and the text of files. Shared by all containers, and never written to. */
export interface StandardRoot {
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly files: ReadonlyMap<string, string>;
}

let made: StandardRoot | undefined;

/** The root file system below what a container writes itself. */
export const standardRoot = (): StandardRoot => (made ??= make());

const make = (): StandardRoot => {
  const names = new Map<string, Set<string>>([["/", new Set()]]);
  const enter = (path: string): void => {
    const slash = path.lastIndexOf("/");
    names.get(path.slice(0, slash) || "/")!.add(path.slice(slash + 1));
  };
  for (const folder of folders) {
    names.set(`/${folder}`, new Set());
    enter(`/${folder}`);
  }
  const files = new Map<string, string>([
    ["/etc/passwd", `${passwd.join("\n")}\n`],
    ["/etc/group", `${group.join("\n")}\n`],
    ["/etc/nsswitch.conf", "hosts: files dns\n"],
    ["/proc/mounts", "overlay / overlay rw,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n"],
    ["/dev/null", ""],
    ["/dev/zero", ""],
    ["/dev/stdin", ""],
    ["/dev/stdout", ""],
    ["/dev/stderr", ""],
  ]);
  for (const name of ["sh", ...commands.keys()]) if (/^[a-z0-9]+$/.test(name) && name !== "agnhost") files.set(`/bin/${name}`, "");
  for (const path of files.keys()) enter(path);
  return { folders: names, files };
};
