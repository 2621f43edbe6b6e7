import { parseDuration } from "../../behavior.ts";
import { encode, Killed } from "../process.ts";
import { fail, options, print, type Program } from "./command.ts";

const sleep: Program = async (args, context) => {
  let total = 0;
  for (const arg of args) {
    const ms = /^\d+(\.\d+)?$/.test(arg)
      ? Number(arg) * 1000
      : arg === "infinity" || arg === "inf"
        ? 2 ** 45
        : /^\d+d$/.test(arg)
          ? parseInt(arg, 10) * 86_400_000
          : parseDuration(arg);
    if (ms === undefined) return fail(context, `sleep: invalid number '${arg}'`);
    total += ms;
  }
  await context.process.clock.sleep(total, context.process.killed).catch(() => Promise.reject(new Killed()));
  return 0;
};

const env: Program = (args, context) => {
  const command = args.findIndex((arg) => !arg.includes("=") && !arg.startsWith("-"));
  if (command < 0) {
    for (const [name, value] of context.shell.environment) print(context, `${name}=${value}\n`);
    return 0;
  }
  const child = context.shell.child();
  for (const arg of args.slice(0, command)) {
    child.variables.set(arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1));
    child.exported.add(arg.slice(0, arg.indexOf("=")));
  }
  return child.exec(args.slice(command), context.stdio);
};

const printenv: Program = (args, context) => {
  if (args.length === 0) return env([], context);
  for (const name of args) {
    const value = context.shell.variables.get(name);
    if (value === undefined) return 1;
    print(context, `${value}\n`);
  }
  return 0;
};

const two = (value: number): string => String(value).padStart(2, "0");
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const date: Program = (args, context) => {
  const now = new Date(context.process.clock.now());
  const time = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
  const fields: Readonly<Record<string, string>> = {
    "%s": String(Math.floor(now.getTime() / 1000)),
    "%Y": String(now.getUTCFullYear()),
    "%m": two(now.getUTCMonth() + 1),
    "%d": two(now.getUTCDate()),
    "%H": two(now.getUTCHours()),
    "%M": two(now.getUTCMinutes()),
    "%S": two(now.getUTCSeconds()),
    "%T": time,
    "%F": now.toISOString().slice(0, 10),
    "%N": `${String(now.getUTCMilliseconds()).padStart(3, "0")}000000`,
    "%Z": "UTC",
    "%z": "+0000",
    "%%": "%",
  };
  const format = args.find((arg) => arg.startsWith("+"));
  const plain = `${days[now.getUTCDay()]!} ${months[now.getUTCMonth()]!} ${String(now.getUTCDate()).padStart(2)} ${time} UTC ${now.getUTCFullYear()}`;
  print(context, `${format ? format.slice(1).replace(/%./g, (field) => fields[field] ?? field) : plain}\n`);
  return 0;
};

const hostname: Program = (args, context) => {
  const addresses = args.some((arg) => /^-[iI]$/.test(arg)) ? context.process.network.addresses : undefined;
  print(context, `${addresses ? addresses.join(" ") : context.process.hostname}\n`);
  return 0;
};

const id: Program = (args, context) => {
  const { uid, gid, groups } = context.process;
  const { flags } = options(args);
  const name = (number: number): string => (number === 0 ? "0(root)" : String(number));
  if (flags.has("u")) print(context, `${uid}\n`);
  else if (flags.has("g")) print(context, `${gid}\n`);
  else if (flags.has("G")) print(context, `${[...new Set([gid, ...groups])].join(" ")}\n`);
  else
    print(
      context,
      `uid=${name(uid)} gid=${name(gid)}${groups.length > 0 ? ` groups=${[...new Set([gid, ...groups])].map(name).join(",")}` : ""}\n`,
    );
  return 0;
};

const uname: Program = (args, context) => {
  const { flags } = options(args);
  const all = flags.has("a");
  const parts = [
    ["s", "Linux"],
    ["n", context.process.hostname],
    ["r", "6.1.0-drydock"],
    ["v", "#1 simulated by Drydock"],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ] as const;
  print(
    context,
    `${parts
      .filter(([flag]) => all || flags.has(flag) || (flags.size === 0 && flag === "s"))
      .map(([, text]) => text)
      .join(" ")}\n`,
  );
  return 0;
};

const ps: Program = (_args, context) => {
  print(context, "PID   USER     TIME  COMMAND\n");
  for (const { pid, command } of context.process.processes())
    print(context, `${String(pid).padStart(5)} ${context.process.uid === 0 ? "root" : String(context.process.uid)}     0:00 ${command}\n`);
  return 0;
};

const help: Program = (_args, context) => {
  print(
    context,
    `This container is simulated: no program of the image runs. These commands work over its simulated files and environment:\n${helpNames().join(" ")}\n`,
  );
  return 0;
};

let helpNames: () => readonly string[] = () => [];
/** Lets `help` list what the index knows. */
export const listedBy = (names: () => readonly string[]): void => void (helpNames = names);

const timeout: Program = async (args, context) => {
  const at = args.findIndex((arg) => /^\d/.test(arg));
  const work = Promise.resolve(context.shell.child().exec(args.slice(at + 1), context.stdio));
  const seconds = parseFloat(args[at] ?? "0");
  const late = context.process.clock.sleep(seconds * 1000, context.process.killed).then(
    () => 143,
    () => 137,
  );
  return Promise.race([work, late]);
};

const command: Program = (args, context) => (args[0] === "-v" ? which(args.slice(1), context) : context.shell.exec(args, context.stdio));
const which: Program = ([name = ""], context) => {
  if (!helpNames().includes(name)) return 1;
  print(context, `/bin/${name}\n`);
  return 0;
};

export const systemPrograms: Readonly<Record<string, Program>> = {
  sleep,
  env,
  printenv,
  date,
  hostname,
  id,
  uname,
  ps,
  help,
  timeout,
  which,
  command,
  true: () => 0,
  false: () => 1,
  whoami: (_args, context) => (print(context, context.process.uid === 0 ? "root\n" : `${context.process.uid}\n`), 0),
  pwd: (_args, context) => (print(context, `${context.shell.cwd}\n`), 0),
  basename: ([path = "", suffix = ""], context) => (
    print(
      context,
      `${((name) => (suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name))(path.replace(/\/+$/, "").split("/").at(-1) ?? "")}\n`,
    ),
    0
  ),
  dirname: ([path = ""], context) => (print(context, `${path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : "."}\n`), 0),
  kill: () => 0,
  yes: async ([word = "y"], context) => {
    for (let line = 0; line < 10_000; line++) context.stdio.out(encode(`${word}\n`));
    return 0;
  },
};
