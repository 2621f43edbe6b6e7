import { runCommand } from "./command.ts";
import { verbs } from "./verbs.ts";

/** The command line of this process. */
export const runProcess = async (): Promise<void> => {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => ending.abort());
  // Forked by an editor: its end is ours.
  process.once("disconnect", () => ending.abort());
  process.channel?.unref();

  process.exitCode = await runCommand(process.argv.slice(2), verbs, {
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    signal: ending.signal,
  });
};
