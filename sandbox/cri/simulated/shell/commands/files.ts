import type { ContainerFiles } from "../../container-files.ts";
import { FileError } from "../../file-error.ts";
import { encode } from "../process.ts";
import { fail, options, print, type Context, type Program } from "./command.ts";

const nameOf = (path: string): string => path.replace(/\/+$/, "").split("/").at(-1) ?? "";

/** Whose a file is, as `ls` shows it. */
const userName = (id: number): string => (id === 0 ? "root" : id === 65534 ? "nobody" : String(id));

/** `-rw-r--r--`, `drwxrwxrwt`. */
const modeText = (mode: number, folder: boolean): string => {
  const parts = [6, 3, 0].map((shift) =>
    ((bits) => (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-") + (bits & 1 ? "x" : "-"))((mode >> shift) & 7),
  );
  const special = (part: string, bit: number, letter: string): string =>
    mode & bit ? part.slice(0, 2) + (part.endsWith("x") ? letter : letter.toUpperCase()) : part;
  return (folder ? "d" : "-") + special(parts[0]!, 0o4000, "s") + special(parts[1]!, 0o2000, "s") + special(parts[2]!, 0o1000, "t");
};

const ls: Program = (args, context) => {
  const { flags, rest } = options(args);
  const { process, shell } = context;
  let code = 0;
  const names = rest.length > 0 ? rest : ["."];
  for (const name of names) {
    const path = shell.path(name);
    if (!process.files.exists(path)) {
      code = fail(context, `ls: ${name}: No such file or directory`);
      continue;
    }
    const folder = process.files.isDirectory(path) && !flags.has("d");
    if (names.length > 1 && folder) print(context, `${name}:\n`);
    const entries = folder ? process.files.list(path).filter((entry) => flags.has("a") || !entry.startsWith(".")) : [name];
    for (const entry of entries)
      print(context, flags.has("l") ? `${long(process.files, folder ? `${path}/${entry}` : path)} ${entry}\n` : `${entry}\n`);
  }
  return code;
};

/** Files of simulated containers carry no times of their own. */
const modified = "Jan  1 00:00";

const long = (files: ContainerFiles, path: string): string => {
  const folder = files.isDirectory(path);
  const size = folder ? 4096 : files.read(path).byteLength;
  const { mode, uid, gid } = files.access(path);
  return `${modeText(mode, folder)}    ${folder ? 2 : 1} ${userName(uid).padEnd(8)} ${userName(gid).padEnd(8)} ${String(size).padStart(9)} ${modified}`;
};

const mkdir: Program = (args, context) => {
  for (const name of options(args, "m").rest) context.process.files.makeDirectory(context.shell.path(name));
  return 0;
};

const rm: Program = (args, context) => {
  const { flags, rest } = options(args);
  for (const name of rest) {
    const path = context.shell.path(name);
    if (context.process.files.isDirectory(path) && !flags.has("r") && !flags.has("R")) return fail(context, `rm: '${name}' is a directory`);
    if (!context.process.files.exists(path) && !flags.has("f"))
      return fail(context, `rm: can't remove '${name}': No such file or directory`);
    context.process.files.remove(path);
  }
  return 0;
};

const copy = (files: ContainerFiles, from: string, to: string): void => {
  if (!files.isDirectory(from)) return files.write(to, files.read(from));
  files.makeDirectory(to);
  for (const name of files.list(from)) copy(files, `${from}/${name}`, `${to}/${name}`);
};

const transfer =
  (move: boolean): Program =>
  (args, context) => {
    const { rest } = options(args);
    const to = context.shell.path(rest.at(-1) ?? "");
    const { files } = context.process;
    for (const name of rest.slice(0, -1)) {
      const from = context.shell.path(name);
      if (!files.exists(from)) return fail(context, `${move ? "mv" : "cp"}: can't stat '${name}': No such file or directory`);
      copy(files, from, files.isDirectory(to) ? `${to}/${nameOf(name)}` : to);
      if (move) files.remove(from);
    }
    return 0;
  };

const touch: Program = (args, context) => {
  for (const name of options(args).rest) {
    const path = context.shell.path(name);
    if (!context.process.files.exists(path)) context.process.files.write(path, encode(""));
  }
  return 0;
};

const find: Program = ([name = ".", ...tests], context) => {
  const type = tests[tests.indexOf("-type") + 1];
  const walk = (shown: string, path: string, depth: number): void => {
    const folder = context.process.files.isDirectory(path);
    if (!tests.includes("-type") || type === (folder ? "d" : "f")) print(context, `${shown}\n`);
    if (folder && depth < 30)
      for (const entry of context.process.files.list(path)) walk(`${shown}/${entry}`, `${path}/${entry}`, depth + 1);
  };
  walk(name, context.shell.path(name), 0);
  return 0;
};

const stat: Program = (args, context) => {
  const { flags, rest } = options(args, "c");
  const { files } = context.process;
  for (const name of rest) {
    const path = context.shell.path(name);
    if (!files.exists(path)) return fail(context, `stat: can't stat '${name}': No such file or directory`);
    const { mode, uid, gid } = files.access(path);
    const folder = files.isDirectory(path);
    const fields: Readonly<Record<string, string>> = {
      "%a": mode.toString(8),
      "%A": modeText(mode, folder),
      "%n": name,
      "%u": String(uid),
      "%g": String(gid),
      "%U": userName(uid),
      "%G": userName(gid),
      "%s": String(folder ? 4096 : files.read(path).byteLength),
      "%F": folder ? "directory" : "regular file",
      "%T": files.fileSystem(path),
    };
    const format = flags.get("c");
    const usual = `  File: ${name}\n  Size: ${fields["%s"]!}\t${fields["%F"]!}\nAccess: (${mode.toString(8).padStart(4, "0")}/${fields["%A"]!})  Uid: (${uid}/${fields["%U"]!})   Gid: (${gid}/${fields["%G"]!})`;
    print(context, `${format === undefined ? usual : format.replace(/%./g, (field) => fields[field] ?? field)}\n`);
  }
  return 0;
};

const namedFiles = (names: readonly string[], context: Context): readonly string[] => {
  const paths = names.map((name) => context.shell.path(name));
  for (const [index, path] of paths.entries())
    if (!context.process.files.exists(path)) throw new FileError(`${names[index]!}: No such file or directory`);
  return paths;
};

/** Octal modes, and `+x` with its like for everybody. */
const chmod: Program = (args, context) => {
  const [asked = "", ...names] = args.filter((arg) => !/^-[A-Za-z]+$/.test(arg));
  const change = /^([ugoa]*)([-+=])([rwx]+)$/.exec(asked);
  for (const path of namedFiles(names, context)) {
    const { mode } = context.process.files.access(path);
    const bits = change && Array.from(change[3]!).reduce((sum, letter) => sum | { r: 0o444, w: 0o222, x: 0o111 }[letter as "r"], 0);
    const who =
      change &&
      Array.from(change[1] || "a").reduce((sum, letter) => sum | { u: 0o700, g: 0o070, o: 0o007, a: 0o777 }[letter as "u"], 0) & bits!;
    if (!change && !/^[0-7]{3,4}$/.test(asked)) return fail(context, `chmod: invalid mode '${asked}'`);
    const next = !change ? parseInt(asked, 8) : change[2] === "+" ? mode | who! : change[2] === "-" ? mode & ~who! : who!;
    context.process.files.changeAccess(path, { mode: next });
  }
  return 0;
};

const chown: Program = (args, context) => {
  const [asked = "", ...names] = args.filter((arg) => !arg.startsWith("-"));
  const [user = "", group] = asked.split(":");
  const id = (name: string): number => (name === "root" ? 0 : name === "nobody" ? 65534 : Number(name));
  for (const path of namedFiles(names, context))
    context.process.files.changeAccess(path, { ...(user && { uid: id(user) }), ...(group && { gid: id(group) }) });
  return 0;
};

const isOfLength = (text: string | undefined): boolean => text !== undefined && text !== "";

/** `test` and `[`. */
const test: Program = (all, context) => {
  const args = all.at(-1) === "]" ? all.slice(0, -1) : all;
  const { process, shell } = context;
  const evaluate = (words: readonly string[]): boolean => {
    const or = words.indexOf("-o");
    if (or > 0) return evaluate(words.slice(0, or)) || evaluate(words.slice(or + 1));
    const and = words.indexOf("-a");
    if (and > 0) return evaluate(words.slice(0, and)) && evaluate(words.slice(and + 1));
    if (words[0] === "!") return !evaluate(words.slice(1));
    const [left = "", operator, right = ""] = words;
    if (words.length <= 1) return isOfLength(words[0]);
    if (words.length === 2) {
      const path = shell.path(operator!);
      if (left === "-n") return isOfLength(operator);
      if (left === "-z") return !isOfLength(operator);
      if (left === "-d") return process.files.isDirectory(path);
      if (left === "-s") return process.files.exists(path) && !process.files.isDirectory(path) && process.files.read(path).byteLength > 0;
      if (left === "-f") return process.files.exists(path) && !process.files.isDirectory(path);
      if (left === "-x") return process.files.exists(path) && (process.files.mode(path) & 0o111) !== 0;
      return /^-[erwhL]$/.test(left) && left !== "-h" && left !== "-L" && process.files.exists(path);
    }
    switch (operator) {
      case "=":
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "-eq":
        return Number(left) === Number(right);
      case "-ne":
        return Number(left) !== Number(right);
      case "-gt":
        return Number(left) > Number(right);
      case "-ge":
        return Number(left) >= Number(right);
      case "-lt":
        return Number(left) < Number(right);
      case "-le":
        return Number(left) <= Number(right);
      default:
        return false;
    }
  };
  return evaluate(args) ? 0 : 1;
};

const df: Program = (_args, context: Context) => {
  print(
    context,
    "Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay              104857600  10485760  94371840  10% /\n",
  );
  return 0;
};

export const filePrograms: Readonly<Record<string, Program>> = {
  ls,
  mkdir,
  rm,
  "rmdir": rm,
  "cp": transfer(false),
  "mv": transfer(true),
  touch,
  find,
  stat,
  chmod,
  chown,
  "chgrp": ([group = "", ...names], context) => chown([`:${group}`, ...names], context),
  "sync": () => 0,
  test,
  "[": test,
  "[[": (args, context) =>
    test(
      args.filter((arg) => arg !== "]]"),
      context,
    ),
  df,
};
