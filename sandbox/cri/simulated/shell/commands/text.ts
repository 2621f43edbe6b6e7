import { RE2JS } from "re2js";
import { FileError } from "../../file-error.ts";
import { decode, encode, readAll } from "../process.ts";
import { fail, options, print, type Context, type Program } from "./command.ts";

/** The files named, one after another, or the input where none is named. */
const inputOf = async (names: readonly string[], context: Context): Promise<string> => {
  if (names.length === 0) return decode(await readAll(context.stdio));
  const parts: string[] = [];
  for (const name of names) {
    if (name === "-") parts.push(decode(await readAll(context.stdio)));
    else parts.push(decode(read(name, context)));
  }
  return parts.join("");
};

const read = (name: string, { process, shell }: Context): Uint8Array => {
  try {
    return process.files.read(shell.path(name));
  } catch (error) {
    throw error instanceof FileError ? new FileError(`can't open '${name}': ${error.message}`) : error;
  }
};

const linesOf = (text: string): readonly string[] => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));
const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");
const unescaped = (text: string): string =>
  text.replace(
    /\\(n|t|r|a|b|e|f|v|\\|0?[0-7]{1,3})/g,
    (_, what: string) =>
      ({ "n": "\n", "t": "\t", "r": "\r", "a": "\u0007", "b": "\b", "e": "\u001b", "f": "\f", "v": "\v", "\\": "\\" })[what] ??
      String.fromCharCode(parseInt(what, 8)),
  );

const echo: Program = (args, context) => {
  let rest = args;
  let newline = true;
  let escapes = false;
  for (; rest[0] !== undefined && /^-[neE]+$/.test(rest[0]); rest = rest.slice(1)) {
    newline &&= !rest[0].includes("n");
    escapes ||= rest[0].includes("e");
  }
  const text = rest.join(" ");
  print(context, (escapes ? unescaped(text) : text) + (newline ? "\n" : ""));
  return 0;
};

const printf: Program = ([format = "", ...values], context) => {
  const pending = [...values];
  do {
    print(
      context,
      unescaped(format).replace(
        /%([-0]?)(\d*)(?:\.(\d+))?([sdixcbuf%])/g,
        (_, align: string, width: string, precision: string | undefined, kind: string) => {
          if (kind === "%") return "%";
          const value = pending.shift() ?? "";
          const text =
            kind === "f"
              ? Number(value).toFixed(Number(precision ?? 6))
              : "diu".includes(kind)
                ? String(Math.trunc(Number(value)) || 0)
                : kind === "x"
                  ? (Number(value) || 0).toString(16)
                  : value;
          return align === "-" ? text.padEnd(Number(width)) : text.padStart(Number(width), align === "0" ? "0" : " ");
        },
      ),
    );
  } while (pending.length > 0 && format.includes("%"));
  return 0;
};

const cat: Program = async (args, context) => {
  const names = args.filter((arg) => !/^-[a-z]/.test(arg));
  if (names.length > 0) {
    let code = 0;
    for (const name of names) {
      try {
        context.stdio.out(name === "-" ? await readAll(context.stdio) : read(name, context));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        code = fail(context, `cat: ${error.message}`);
      }
    }
    return code;
  }
  for (let chunk = await context.stdio.read(); chunk; chunk = await context.stdio.read()) context.stdio.out(chunk);
  return 0;
};

const head: Program = async (args, context) => {
  const { flags, rest } = options(
    args.map((arg) => arg.replace(/^-(\d+)$/, "-n$1")),
    "nc",
  );
  const text = await inputOf(rest, context);
  print(context, flags.has("c") ? text.slice(0, Number(flags.get("c"))) : joined(linesOf(text).slice(0, Number(flags.get("n") ?? 10))));
  return 0;
};

/** Follows with -f until it is killed. */
const tail: Program = async (args, context) => {
  const { flags, rest } = options(
    args.map((arg) => arg.replace(/^-(\d+)$/, "-n$1")),
    "nc",
  );
  const forever = flags.has("f") || flags.has("F");
  const name = rest[0];
  if (forever && name === "/dev/null") return context.process.clock.sleep(2 ** 31, context.process.killed).then(() => 0);
  const text = await inputOf(rest, context);
  const count = flags.get("n") ?? "10";
  const lines = linesOf(text);
  print(
    context,
    flags.has("c")
      ? text.slice(-Number(flags.get("c")))
      : joined(count.startsWith("+") ? lines.slice(Number(count) - 1) : lines.slice(-Number(count) || lines.length)),
  );
  for (let seen = text.length; forever && name !== undefined;) {
    await context.process.clock.sleep(1000, context.process.killed);
    const now = decode(read(name, context));
    if (now.length > seen) print(context, now.slice(seen));
    seen = now.length;
  }
  return 0;
};

const grep: Program = async (args, context) => {
  const { flags, rest } = options(args, "e");
  const [pattern = "", ...names] = flags.has("e") ? [flags.get("e")!, ...rest] : rest;
  const source = flags.has("F") ? RE2JS.quote(pattern) : pattern;
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(source, flags.has("i") ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    return fail(context, `grep: bad regex '${pattern}'`, 2);
  }
  const found = linesOf(await inputOf(names, context)).filter((line) => expression.matcher(line).find() !== flags.has("v"));
  if (flags.has("c")) print(context, `${found.length}\n`);
  else if (!flags.has("q")) print(context, joined(found));
  return found.length > 0 ? 0 : 1;
};

/** `s/from/to/g`, the one command of sed that container scripts use. */
const sed: Program = async (args, context) => {
  const { flags, rest } = options(args, "e");
  const [script = "", ...names] = flags.has("e") ? [flags.get("e")!, ...rest] : rest;
  const found = /^s(.)(.*)\1(.*)\1([gi]*)$/.exec(script);
  if (!found) return fail(context, `sed: unsupported command '${script}' (simulated container)`);
  const expression = RE2JS.compile(found[2]!, found[4]!.includes("i") ? RE2JS.CASE_INSENSITIVE : 0);
  const replacement = found[3]!
    .replace(/\$/g, "\\$")
    .replace(/\\(\d)/g, "$$$1")
    .replace(/(^|[^\\])&/g, "$1$$0");
  const replaced = linesOf(await inputOf(names, context)).map((line) =>
    found[4]!.includes("g") ? expression.matcher(line).replaceAll(replacement) : expression.matcher(line).replaceFirst(replacement),
  );
  if (flags.has("i") && names[0] !== undefined) context.process.files.write(context.shell.path(names[0]), encode(joined(replaced)));
  else print(context, joined(replaced));
  return 0;
};

const wc: Program = async (args, context) => {
  const { flags, rest } = options(args);
  const text = await inputOf(rest, context);
  const counts = [
    [/[lwc]/.test([...flags.keys()].join("")) ? flags.has("l") : true, text.split("\n").length - 1],
    [/[lwc]/.test([...flags.keys()].join("")) ? flags.has("w") : true, text.split(/\s+/).filter(Boolean).length],
    [/[lwc]/.test([...flags.keys()].join("")) ? flags.has("c") : true, encode(text).byteLength],
  ]
    .filter(([shown]) => shown)
    .map(([, count]) => String(count));
  print(
    context,
    `${(counts.length > 1 ? counts.map((count) => count.padStart(8)) : counts).join(" ")}${rest[0] === undefined ? "" : ` ${rest[0]}`}\n`,
  );
  return 0;
};

const sort: Program = async (args, context) => {
  const { flags, rest } = options(args, "kt");
  const lines = [...linesOf(await inputOf(rest, context))].sort(flags.has("n") ? (a, b) => parseFloat(a) - parseFloat(b) : undefined);
  if (flags.has("r")) lines.reverse();
  print(context, joined(flags.has("u") ? [...new Set(lines)] : lines));
  return 0;
};

const uniq: Program = async (args, context) => {
  const { flags, rest } = options(args);
  const runs: { line: string; count: number }[] = [];
  for (const line of linesOf(await inputOf(rest, context))) {
    const last = runs.at(-1);
    if (last?.line === line) last.count++;
    else runs.push({ line, count: 1 });
  }
  print(context, joined(runs.map(({ line, count }) => (flags.has("c") ? `${String(count).padStart(7)} ${line}` : line))));
  return 0;
};

const cut: Program = async (args, context) => {
  const { flags, rest } = options(args, "dfc");
  const wanted = (flags.get("f") ?? flags.get("c") ?? "1").split(",").map((range) => range.split("-").map(Number));
  const isWanted = (at: number): boolean => wanted.some(([from = 1, to = from]) => at >= (from || 1) && at <= (to || Infinity));
  const delimiter = flags.get("d") ?? "\t";
  const lines = linesOf(await inputOf(rest, context)).map((line) =>
    flags.has("c")
      ? Array.from(line)
          .filter((_, at) => isWanted(at + 1))
          .join("")
      : line
          .split(delimiter)
          .filter((_, at) => isWanted(at + 1))
          .join(delimiter),
  );
  print(context, joined(lines));
  return 0;
};

const tr: Program = async (args, context) => {
  const { flags, rest } = options(args);
  const expand = (set: string): string =>
    unescaped(set).replace(/(.)-(.)/g, (_, from: string, to: string) =>
      Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (__, at) => String.fromCharCode(from.charCodeAt(0) + at)).join(""),
    );
  const from = expand(rest[0] ?? "");
  const to = expand(rest[1] ?? "");
  const text = decode(await readAll(context.stdio));
  print(
    context,
    Array.from(text)
      .map((character) =>
        ((at) => (at < 0 ? character : flags.has("d") ? "" : (to[Math.min(at, to.length - 1)] ?? character)))(from.indexOf(character)),
      )
      .join(""),
  );
  return 0;
};

const seq: Program = (args, context) => {
  const [first, step, last] =
    args.length === 1 ? [1, 1, Number(args[0])] : args.length === 2 ? [Number(args[0]), 1, Number(args[1])] : args.map(Number);
  const count = Math.min(100_000, Math.floor(((last ?? 0) - (first ?? 0)) / (step || 1)) + 1);
  print(context, joined(Array.from({ length: Math.max(0, count) }, (_, at) => String((first ?? 0) + at * (step ?? 1)))));
  return 0;
};

const tee: Program = async (args, context) => {
  const { flags, rest } = options(args);
  const content = await readAll(context.stdio);
  context.stdio.out(content);
  for (const name of rest) context.process.files.write(context.shell.path(name), content, flags.has("a"));
  return 0;
};

const base64: Program = async (args, context) => {
  const { flags, rest } = options(args, "w");
  const text = await inputOf(rest, context);
  print(context, flags.has("d") ? Buffer.from(text, "base64").toString() : `${Buffer.from(text).toString("base64")}\n`);
  return 0;
};

export const textPrograms: Readonly<Record<string, Program>> = {
  echo,
  printf,
  cat,
  head,
  tail,
  grep,
  egrep: grep,
  sed,
  wc,
  sort,
  uniq,
  cut,
  tr,
  seq,
  tee,
  base64,
};
