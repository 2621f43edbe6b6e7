/** One option of a verb: `--port N`. */
export interface OptionRule {
  /** What stands for its value in the usage; absent for flags, which have none. */
  readonly value?: string;
  readonly help: string;
  /** May be given more than once; values are kept apart. */
  readonly repeated?: boolean;
}

/** What was given: options by name, and the words that are no options. */
export interface Arguments {
  readonly words: readonly string[];
  flag(name: string): boolean;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  /** Throws UsageError for what is no whole number within the bounds. */
  integer(name: string, bounds?: { readonly least?: number; readonly most?: number }): number | undefined;
}

/** Where a verb writes, and what tells it to end. */
export interface Console {
  /** A line on standard output. */
  print(line: string): void;
  /** A line on standard error. */
  complain(line: string): void;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** A verb of the command line. One file each; `verbs.ts` lists them. Answers the exit code. */
export interface Verb {
  readonly name: string;
  /** One line, for the list of verbs. */
  readonly help: string;
  /** The words it takes: `FILE…`. */
  readonly words?: string;
  readonly options: Readonly<Record<string, OptionRule>>;
  readonly run: (given: Arguments, console: Console) => Promise<number>;
}

/** What a person asked for cannot be: one line on standard error, exit code 2. */
export class UsageError extends Error {}

/** What was asked for did not come about: one line on standard error, exit code 1. */
export class Failure extends Error {}

/** For `-o json`: what every verb that prints takes. */
export const outputOption: Readonly<Record<string, OptionRule>> = {
  output: { value: "json", help: "Print JSON, for programs (-o json)." },
};

/** Whether JSON was asked for. */
export const wantsJson = (given: Arguments): boolean => {
  const output = given.text("output");
  if (output === undefined || output === "json") return output === "json";
  throw new UsageError(`unknown output format ${JSON.stringify(output)}: only json is known`);
};
