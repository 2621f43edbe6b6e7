import { FileError, type ContainerFiles } from "../../container-files.ts";
import { encode } from "../process.ts";
import { fail, options, print, type Context, type Program } from "./command.ts";

const nameOf = (path: string): string => path.replace(/\/+$/, "").split("/").at(-1) ?? "";
const modeText = (mode: number, folder: boolean): string =>
  (folder ? "d" : "-") +
  [6, 3, 0]
    .map((shift) => ((bits) => (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-") + (bits & 1 ? "x" : "-"))((mode >> shift) & 7))
    .join("");

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

const long = (files: ContainerFiles, path: string): string => {
  const folder = files.isDirectory(path);
  const size = folder ? 4096 : files.read(path).byteLength;
  return `${modeText(folder ? 0o755 : files.mode(path), folder)}    1 root     root     ${String(size).padStart(8)}`;
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
  for (const name of rest) {
    const path = context.shell.path(name);
    if (!context.process.files.exists(path)) return fail(context, `stat: can't stat '${name}': No such file or directory`);
    const mode = context.process.files.isDirectory(path) ? 0o755 : context.process.files.mode(path);
    print(
      context,
      flags.has("c")
        ? `${(flags.get("c") ?? "")
            .replace("%a", mode.toString(8))
            .replace("%n", name)
            .replace("%A", modeText(mode, context.process.files.isDirectory(path)))}\n`
        : `  File: ${name}\n`,
    );
  }
  return 0;
};

const changeNothing: Program = (args, context) => {
  for (const name of options(args).rest.slice(1))
    if (!context.process.files.exists(context.shell.path(name))) throw new FileError(`${name}: No such file or directory`);
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
      return /^-[erwxhL]$/.test(left) && process.files.exists(path);
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
  "chmod": changeNothing,
  "chown": changeNothing,
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
