import type { Shell } from "../shell.ts";
import { encode, type Process, type Stdio } from "../process.ts";

/** What a simulated program is given. */
export interface Context {
  readonly shell: Shell;
  readonly process: Process;
  readonly stdio: Stdio;
}

/** A program: arguments (without its own name) → exit code. FileErrors are reported by the shell. */
export type Program = (args: readonly string[], context: Context) => number | Promise<number>;

export const print = ({ stdio }: Context, text: string): void => stdio.out(encode(text));

/** Says what went wrong, and answers the exit code. */
export const fail = ({ stdio }: Context, message: string, code = 1): number => {
  stdio.err(encode(`${message}\n`));
  return code;
};

/** Splits `-abc value` style arguments: flags that take a value are named in `valued`. */
export const options = (
  args: readonly string[],
  valued = "",
): { readonly flags: ReadonlyMap<string, string>; readonly rest: readonly string[] } => {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!/^-[A-Za-z0-9]/.test(arg)) {
      rest.push(arg);
      continue;
    }
    for (let letter = 1; letter < arg.length; letter++) {
      const flag = arg[letter]!;
      if (!valued.includes(flag)) flags.set(flag, "");
      else {
        flags.set(flag, arg.slice(letter + 1) || (args[++at] ?? ""));
        break;
      }
    }
  }
  return { flags, rest };
};
