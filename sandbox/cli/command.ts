import { parseArguments } from "./arguments.ts";
import { Failure, UsageError, type Console, type Verb } from "./verb.ts";

/** Runs one verb of the command line; answers the exit code. */
export const runCommand = async (texts: readonly string[], verbs: readonly Verb[], console: Console): Promise<number> => {
  const [name, ...rest] = texts;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    console.print(usage(verbs));
    return name === undefined ? 2 : 0;
  }
  const verb = verbs.find((each) => each.name === (name === "--version" ? "version" : name));
  if (!verb) return complain(console, `unknown command ${JSON.stringify(name)}: try drydock help`, 2);
  if (rest.includes("--help") || rest.includes("-h")) {
    console.print(verbUsage(verb));
    return 0;
  }
  try {
    return await verb.run(parseArguments(rest, verb.options), console);
  } catch (error) {
    if (error instanceof UsageError) return complain(console, `${error.message} (see drydock ${verb.name} --help)`, 2);
    if (error instanceof Failure) return complain(console, error.message, 1);
    throw error;
  }
};

const complain = (console: Console, message: string, code: number): number => {
  console.complain(`drydock: ${message}`);
  return code;
};

const usage = (verbs: readonly Verb[]): string => {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  return [
    "drydock: a Kubernetes cluster in one process",
    "",
    ...verbs.map(({ name, help }) => `  drydock ${name.padEnd(width)}  ${help}`),
    "",
    "drydock VERB --help says more of a verb.",
  ].join("\n");
};

const verbUsage = ({ name, help, words, options }: Verb): string => {
  const rows = Object.entries(options).map(
    ([option, rule]) => [`--${option}${rule.value === undefined ? "" : ` ${rule.value}`}`, rule.help] as const,
  );
  const width = Math.max(0, ...rows.map(([option]) => option.length));
  return [
    `drydock ${name}${words === undefined ? "" : ` ${words}`}: ${help}`,
    ...rows.map(([option, text]) => `  ${option.padEnd(width)}  ${text}`),
  ].join("\n");
};
