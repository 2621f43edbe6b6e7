import { FileError } from "../file-error.ts";
import { arithmetic } from "./arithmetic.ts";
import { commands } from "./commands/index.ts";
import { matchesPattern } from "./pattern.ts";
import { parse } from "./parse.ts";
import { decode, encode, Killed, maximumBuffer, type Process, type Stdio } from "./process.ts";
import { SyntaxFault, type AndOr, type Command, type Pipeline, type Redirect, type Script, type Stage, type Word } from "./syntax.ts";

/** Why a script unwinds before its end. */
class Exit extends Error {
  readonly code: number;
  constructor(code: number) {
    super();
    this.code = code;
  }
}
class LoopControl extends Error {
  readonly kind: "break" | "continue";
  constructor(kind: "break" | "continue") {
    super();
    this.kind = kind;
  }
}
class Return extends Exit {}

/**
 * A POSIX shell for simulated containers: what scripts in manifests and `kubectl exec` commonly do, over the container's simulated files and
 * environment. It runs no program of the host.
 */
export class Shell {
  readonly process: Process;
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  cwd: string;
  #positional: readonly string[] = [];
  #name = "sh";
  #status = 0;
  #steps = 0;
  #errexit = false;
  #xtrace = false;
  readonly #functions = new Map<string, Command>();
  readonly #traps = new Map<string, string>();
  readonly #jobs: Promise<unknown>[] = [];
  readonly #pendingSignals: string[] = [];
  #wakeWaiter: (() => void) | undefined;

  constructor(process: Process, environment: ReadonlyMap<string, string>, cwd: string) {
    this.process = process;
    this.variables = new Map(environment);
    this.exported = new Set(environment.keys());
    this.cwd = cwd;
  }

  get environment(): readonly (readonly [string, string])[] {
    return [...this.variables].filter(([name]) => this.exported.has(name));
  }

  /** Runs a script to its end; the answer is its exit code. Throws Killed. */
  async run(text: string, stdio: Stdio, positional: readonly string[] = [], name = "sh"): Promise<number> {
    this.#positional = positional;
    this.#name = name;
    let code: number;
    const unheard = this.process.onSignal((signal) => this.#signalled(signal));
    try {
      code = await this.#script(parse(text), stdio);
    } catch (error) {
      if (error instanceof SyntaxFault) {
        stdio.err(encode(`${name}: syntax error: ${error.message}\n`));
        code = 2;
      } else if (error instanceof Exit) code = error.code;
      else if (error instanceof LoopControl) code = 0;
      else throw error;
    } finally {
      unheard();
    }
    const atExit = this.#traps.get("EXIT");
    this.#traps.delete("EXIT");
    if (atExit !== undefined) await this.run(atExit, stdio, positional, name);
    return code;
  }

  /** Runs one command given as words, as `kubectl exec` and a container's command do. */
  async exec(words: readonly string[], stdio: Stdio): Promise<number> {
    const [name = "", ...args] = words;
    const base = name.slice(name.lastIndexOf("/") + 1);
    if (base === "exit") throw new Exit(Number(args[0] ?? this.#status) & 255);
    if (base === "return") throw new Return(Number(args[0] ?? this.#status) & 255);
    if (base === "break" || base === "continue") throw new LoopControl(base);
    const builtin = this.#builtin(base, args, stdio);
    if (builtin !== undefined) return builtin;
    const definition = this.#functions.get(name);
    if (definition) return this.#call(definition, args, stdio);
    const command = commands.get(base);
    if (command) return command(args, { shell: this, process: this.process, stdio });
    if (name.includes("/") && this.process.files.exists(this.path(name))) return this.#runFile(name, args, stdio);
    stdio.err(encode(`${this.#name}: ${name}: not found (this container is simulated; 'help' lists its commands)\n`));
    return 127;
  }

  /** An absolute path, seen from the working directory. */
  path(path: string): string {
    return path.startsWith("/") ? path : `${this.cwd}/${path}`;
  }

  /** A shell within this one: what it sets is its own. */
  child(): Shell {
    const child = new Shell(this.process, this.variables, this.cwd);
    child.exported.clear();
    for (const name of this.exported) child.exported.add(name);
    for (const [name, body] of this.#functions) child.#functions.set(name, body);
    child.#positional = this.#positional;
    child.#name = this.#name;
    child.#status = this.#status;
    return child;
  }

  async #script(script: Script, stdio: Stdio): Promise<number> {
    for (const list of script) {
      if (list.background)
        this.#jobs.push(
          this.child()
            .#andOr(list, stdio)
            .catch(() => 1),
        );
      else this.#status = await this.#andOr(list, stdio);
    }
    return this.#status;
  }

  async #andOr({ first, rest }: AndOr, stdio: Stdio): Promise<number> {
    let code = await this.#pipeline(first, stdio);
    let tested = rest.length > 0 || first.negated;
    for (const { joint, pipeline } of rest) {
      if ((joint === "&&") !== (code === 0)) continue;
      code = await this.#pipeline(pipeline, stdio);
      tested = pipeline !== rest.at(-1)?.pipeline;
    }
    this.#status = code;
    if (this.#errexit && code !== 0 && !tested) throw new Exit(code);
    return code;
  }

  async #pipeline({ stages, negated }: Pipeline, stdio: Stdio): Promise<number> {
    let code: number;
    if (stages.length === 1) {
      code = await this.#stage(stages[0]!, stdio);
    } else {
      let input: Uint8Array | undefined;
      code = 0;
      for (const [index, stage] of stages.entries()) {
        const last = index === stages.length - 1;
        const output: Uint8Array[] = [];
        let size = 0;
        const keep = (chunk: Uint8Array): void => {
          if ((size += chunk.byteLength) <= maximumBuffer) output.push(chunk);
        };
        const read = index === 0 ? stdio.read : once(input);
        code = await this.child().#guarded(stage, { ...stdio, read, ...(!last && { out: keep }) });
        input = Buffer.concat(output);
      }
    }
    return negated ? (code === 0 ? 1 : 0) : code;
  }

  async #guarded(stage: Stage, stdio: Stdio): Promise<number> {
    try {
      return await this.#stage(stage, stdio);
    } catch (error) {
      if (error instanceof Exit) return error.code;
      throw error;
    }
  }

  async #stage({ command, redirects }: Stage, stdio: Stdio): Promise<number> {
    if (this.process.killed.aborted) throw new Killed();
    // A loop without a pause must not stop the world: every so often time goes on.
    if (++this.#steps % 64 === 0) await this.process.clock.sleep(20, this.process.killed).catch(() => Promise.reject(new Killed()));
    try {
      const code = await this.#command(command, await this.#redirected(redirects, stdio));
      if (this.#pendingSignals.length > 0) await this.#runTraps(stdio);
      return code;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      stdio.err(encode(`${this.#name}: ${error.message}\n`));
      return 1;
    }
  }

  async #command(command: Command, stdio: Stdio): Promise<number> {
    switch (command.kind) {
      case "simple":
        return this.#simple(command, stdio);
      case "if":
        for (const { condition, then } of command.branches)
          if ((await this.#condition(condition, stdio)) === 0) return this.#body(then, stdio);
        return command.otherwise ? this.#body(command.otherwise, stdio) : 0;
      case "loop":
        return this.#repeat(async () => ((await this.#condition(command.condition, stdio)) === 0) !== command.until, command.body, stdio);
      case "for": {
        const values = command.words.length > 0 ? await this.#expandAll(command.words, stdio) : [...this.#positional];
        return this.#repeat(
          () => {
            const value = values.shift();
            if (value !== undefined) this.variables.set(command.name, value);
            return Promise.resolve(value !== undefined);
          },
          command.body,
          stdio,
        );
      }
      case "case": {
        const word = (await this.#expand(command.word, stdio)).join(" ");
        for (const { patterns, body } of command.arms) {
          for (const pattern of patterns)
            if (matchesPattern((await this.#expand(pattern, stdio, false)).join(" "), word)) return this.#body(body, stdio);
        }
        return 0;
      }
      case "group":
        if (!command.subshell) return this.#body(command.body, stdio);
        return this.child()
          .#script(command.body, stdio)
          .catch((error: unknown) => (error instanceof Exit ? error.code : Promise.reject(error as Error)));
      case "function":
        this.#functions.set(command.name, command.body);
        return 0;
    }
  }

  #body(script: Script, stdio: Stdio): Promise<number> {
    this.#status = 0;
    return this.#script(script, stdio);
  }

  async #condition(script: Script, stdio: Stdio): Promise<number> {
    const before = this.#errexit;
    this.#errexit = false;
    try {
      return await this.#script(script, stdio);
    } finally {
      this.#errexit = before;
    }
  }

  async #repeat(more: () => Promise<boolean>, body: Script, stdio: Stdio): Promise<number> {
    let code = 0;
    while (await more()) {
      try {
        code = await this.#body(body, stdio);
      } catch (error) {
        if (!(error instanceof LoopControl)) throw error;
        if (error.kind === "break") return 0;
      }
    }
    return code;
  }

  async #simple({ assignments, words }: Extract<Command, { kind: "simple" }>, stdio: Stdio): Promise<number> {
    const expanded = await this.#expandAll(words, stdio);
    const target = expanded.length > 0 ? this.child() : this;
    for (const { name, value } of assignments) {
      target.variables.set(name, (await this.#expand(value, stdio, false)).join(" "));
      if (expanded.length > 0) target.exported.add(name);
    }
    if (expanded.length === 0) return 0;
    if (this.#xtrace) stdio.err(encode(`+ ${expanded.join(" ")}\n`));
    return (assignments.length > 0 ? target : this).exec(expanded, stdio);
  }

  async #call(definition: Command, args: readonly string[], stdio: Stdio): Promise<number> {
    const outer = this.#positional;
    this.#positional = args;
    try {
      return await this.#command(definition, stdio);
    } catch (error) {
      if (error instanceof Return) return error.code;
      throw error;
    } finally {
      this.#positional = outer;
    }
  }

  #runFile(name: string, args: readonly string[], stdio: Stdio): Promise<number> {
    const text = decode(this.process.files.read(this.path(name)));
    return this.child().run(text.replace(/^#!.*\n/, ""), stdio, args, name);
  }

  #builtin(name: string, args: readonly string[], stdio: Stdio): number | Promise<number> | undefined {
    switch (name) {
      case ":":
        return 0;
      case "cd": {
        const to = this.path(args[0] ?? this.variables.get("HOME") ?? "/");
        if (!this.process.files.isDirectory(to)) {
          stdio.err(encode(`${this.#name}: cd: can't cd to ${args[0] ?? ""}: No such file or directory\n`));
          return 2;
        }
        this.cwd = to.length > 1 ? to.replace(/\/$/, "") : to;
        this.variables.set("PWD", this.cwd);
        return 0;
      }
      case "export":
      case "readonly":
      case "local":
        for (const arg of args) {
          const [variable = "", ...value] = arg.split("=");
          if (arg.includes("=")) this.variables.set(variable, value.join("="));
          if (name === "export") this.exported.add(variable);
        }
        return 0;
      case "unset":
        for (const arg of args) this.variables.delete(arg);
        return 0;
      case "shift":
        this.#positional = this.#positional.slice(Number(args[0] ?? 1));
        return 0;
      case "set":
        for (const arg of args) {
          if (/^[-+]\w*e/.test(arg)) this.#errexit = arg.startsWith("-");
          if (/^[-+]\w*x/.test(arg)) this.#xtrace = arg.startsWith("-");
        }
        if (args[0] === "--") this.#positional = args.slice(1);
        return 0;
      case "trap":
        for (const signal of args.slice(1))
          this.#traps.set(signal.replace(/^SIG/, "").replace(/^0$/, "EXIT").replace(/^15$/, "TERM").replace(/^2$/, "INT"), args[0]!);
        return 0;
      case "wait":
        return Promise.race([
          Promise.all(this.#jobs.splice(0)).then(() => 0),
          new Promise<number>((resolve) => (this.#wakeWaiter = () => resolve(143))),
        ]);
      case "eval":
        return this.#script(parse(args.join(" ")), stdio);
      case "exec":
        return args.length === 0 ? 0 : this.exec(args, stdio).then((code) => Promise.reject(new Exit(code)));
      case ".":
      case "source":
        return this.#script(parse(decode(this.process.files.read(this.path(args[0] ?? "")))), stdio);
      case "sh":
      case "bash":
      case "ash":
        return this.#subshell(args, stdio);
      case "read":
        return this.#read(args, stdio);
      default:
        return undefined;
    }
  }

  async #subshell(args: readonly string[], stdio: Stdio): Promise<number> {
    const options = args.filter((arg, index) => /^-[a-z]+$/.test(arg) && args.slice(0, index).every((before) => /^-[a-z]+$/.test(before)));
    const rest = args.slice(options.length);
    const child = this.child();
    child.#errexit = options.some((option) => option.includes("e"));
    child.#xtrace = options.some((option) => option.includes("x"));
    if (options.some((option) => option.includes("c"))) return child.run(rest[0] ?? "", stdio, rest.slice(2), rest[1] ?? "sh");
    if (rest[0] !== undefined) return this.#runFile(rest[0], rest.slice(1), stdio);
    return interact(child, stdio);
  }

  async #read(names: readonly string[], stdio: Stdio): Promise<number> {
    const chunk = await stdio.read();
    if (!chunk) return 1;
    const words = decode(chunk)
      .replace(/\r?\n[^]*$/, "")
      .trim()
      .split(/\s+/);
    const targets = names.filter((name) => !name.startsWith("-"));
    for (const [index, name] of targets.entries())
      this.variables.set(name, index === targets.length - 1 ? words.slice(index).join(" ") : (words[index] ?? ""));
    return 0;
  }

  async #redirected(redirects: readonly Redirect[], stdio: Stdio): Promise<Stdio> {
    let current = stdio;
    for (const { fd, operator, target } of redirects) {
      const name = (await this.#expand(target, stdio, false)).join(" ");
      if (operator === "<") {
        current = { ...current, read: once(this.process.files.read(this.path(name))) };
        continue;
      }
      const write = operator === ">&" ? (name === "2" ? current.err : current.out) : this.#fileWriter(name, operator === ">>", stdio);
      current = fd === 2 ? { ...current, err: write } : { ...current, out: write };
    }
    return current;
  }

  #fileWriter(name: string, append: boolean, stdio: Stdio): (chunk: Uint8Array) => void {
    if (name === "/dev/null") return () => undefined;
    if (name === "/dev/stdout" || name === "/proc/1/fd/1") return stdio.out;
    if (name === "/dev/stderr" || name === "/proc/1/fd/2") return stdio.err;
    const { files } = this.process;
    const path = this.path(name);
    try {
      if (!append || !files.exists(path)) files.write(path, encode(""));
    } catch (error) {
      throw error instanceof FileError ? new FileError(`can't create ${name}: ${error.message}`) : error;
    }
    return (chunk) => files.write(path, chunk, true);
  }

  async #expandAll(words: readonly Word[], stdio: Stdio): Promise<string[]> {
    const all: string[] = [];
    for (const word of words) all.push(...(await this.#expand(word, stdio)));
    return all;
  }

  /** A word's fields. Unquoted expansions are split at blanks, and patterns matched against file names. */
  async #expand(word: Word, stdio: Stdio, split = true): Promise<string[]> {
    const fields: string[] = [];
    let current: string | undefined;
    let pattern = false;
    for (const part of word) {
      const value = part.kind === "text" ? part.text : await this.#value(part, stdio);
      if (part.kind === "text") {
        current =
          (current ?? "") +
          (current === undefined && !part.quoted && value.startsWith("~")
            ? (this.variables.get("HOME") ?? "/root") + value.slice(1)
            : value);
        pattern ||= !part.quoted && /[*?[]/.test(value);
      } else if (part.kind === "variable" && part.name === "@" && part.quoted) {
        const [first, ...rest] = this.#positional;
        if (first !== undefined) current = (current ?? "") + first;
        for (const next of rest) {
          fields.push(current!);
          current = next;
        }
      } else if (part.quoted || !split) {
        current = (current ?? "") + value;
      } else {
        const pieces = value.split(/[ \t\n]+/);
        for (const [index, piece] of pieces.entries()) {
          if (index > 0 && current !== undefined) {
            fields.push(current);
            current = undefined;
          }
          if (piece !== "") current = (current ?? "") + piece;
        }
      }
    }
    if (current !== undefined) fields.push(...(pattern && split ? this.#glob(current) : [current]));
    return fields;
  }

  #glob(pattern: string): readonly string[] {
    const slash = pattern.lastIndexOf("/");
    const folder = pattern.slice(0, slash + 1);
    const { files } = this.process;
    if (!files.isDirectory(this.path(folder || "."))) return [pattern];
    const names = files
      .list(this.path(folder || "."))
      .filter(
        (name) => (!name.startsWith(".") || pattern.slice(slash + 1).startsWith(".")) && matchesPattern(pattern.slice(slash + 1), name),
      );
    return names.length > 0 ? names.map((name) => folder + name) : [pattern];
  }

  async #value(part: Exclude<Word[number], { kind: "text" }>, stdio: Stdio): Promise<string> {
    if (part.kind === "arithmetic") return String(arithmetic(part.text, (name) => this.#variable(name)));
    if (part.kind === "command") {
      const output: Uint8Array[] = [];
      const child = this.child();
      this.#status = await child
        .#script(part.script, { ...stdio, out: (chunk) => void output.push(chunk) })
        .catch((error: unknown) => (error instanceof Exit ? error.code : Promise.reject(error as Error)));
      return decode(Buffer.concat(output)).replace(/\n+$/, "");
    }
    const value = this.#variable(part.name);
    const argument = async (): Promise<string> => (await this.#expand(part.argument ?? [], stdio, false)).join(" ");
    switch (part.operator) {
      case "length":
        return String(value?.length ?? 0);
      case "-":
        return value ?? (await argument());
      case ":-":
        return value === undefined || value === "" ? argument() : value;
      case "=":
      case ":=": {
        if (value !== undefined && (value !== "" || part.operator === "=")) return value;
        const assigned = await argument();
        this.variables.set(part.name, assigned);
        return assigned;
      }
      case "+":
      case ":+":
        return value === undefined || (value === "" && part.operator === ":+") ? "" : argument();
      case "?":
      case ":?":
        if (value !== undefined && value !== "") return value;
        stdio.err(encode(`${this.#name}: ${part.name}: ${(await argument()) || "parameter not set"}\n`));
        throw new Exit(2);
      case "#":
      case "##":
      case "%":
      case "%%":
        return trimmed(value ?? "", await argument(), part.operator);
      default:
        return value ?? "";
    }
  }

  #variable(name: string): string | undefined {
    if (name === "?") return String(this.#status);
    if (name === "#") return String(this.#positional.length);
    if (name === "@" || name === "*") return this.#positional.join(" ");
    if (name === "$") return "1";
    if (name === "0") return this.#name;
    if (/^[1-9]$/.test(name)) return this.#positional[Number(name) - 1];
    return this.variables.get(name);
  }

  /** A trap runs when the command in the foreground has ended, as POSIX has it; `wait` ends at once. */
  #signalled(signal: string): void {
    if (!this.#traps.get(signal)) return;
    this.#pendingSignals.push(signal);
    this.#wakeWaiter?.();
  }

  async #runTraps(stdio: Stdio): Promise<void> {
    for (let signal = this.#pendingSignals.shift(); signal !== undefined; signal = this.#pendingSignals.shift()) {
      const status = this.#status;
      await this.#script(parse(this.#traps.get(signal) ?? ""), stdio);
      this.#status = status;
    }
  }
}

/** An interactive shell: line by line, until its input ends. */
const interact = async (shell: Shell, stdio: Stdio): Promise<number> => {
  let code = 0;
  const prompt = (): void => (stdio.tty ? stdio.out(encode(`${shell.cwd} # `)) : undefined);
  prompt();
  let pending = "";
  for (let chunk = await stdio.read(); chunk; chunk = await stdio.read()) {
    const text = decode(chunk);
    if (stdio.tty) stdio.out(encode(text.replace(/\r/g, "\r\n")));
    pending += text.replace(/\r\n?/g, "\n");
    for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      if (/^\s*exit(\s+\d+)?\s*$/.test(line)) return Number(/\d+/.exec(line)?.[0] ?? code);
      const out = stdio.tty ? (bytes: Uint8Array) => stdio.out(encode(decode(bytes).replace(/\r?\n/g, "\r\n"))) : stdio.out;
      code = await shell.run(line, { ...stdio, out, err: stdio.tty ? out : stdio.err });
      prompt();
    }
    if (pending.includes("\u0004")) return code;
  }
  return pending.trim() === "" ? code : shell.run(pending, stdio);
};

const once = (content: Uint8Array | undefined): Stdio["read"] => {
  let given = false;
  return () => {
    if (given) return Promise.resolve(undefined);
    given = true;
    return Promise.resolve(content && content.byteLength > 0 ? content : undefined);
  };
};

const trimmed = (value: string, pattern: string, operator: "#" | "##" | "%" | "%%"): string => {
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => length);
  const order = operator.length === 2 ? lengths.reverse() : lengths;
  for (const length of order) {
    if (operator.startsWith("#") && matchesPattern(pattern, value.slice(0, length))) return value.slice(length);
    if (operator.startsWith("%") && matchesPattern(pattern, value.slice(value.length - length)))
      return value.slice(0, value.length - length);
  }
  return value;
};
