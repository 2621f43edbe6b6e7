import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** The project's folder: where package.json lies. */
export const root = join(import.meta.dirname, "../..");

/** What one command said, and whether it was content. */
export interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Shown as it comes, for steps that people wait for. */
  readonly aloud?: boolean;
}

/** Runs one command in the project's folder, with the tools of node_modules first on PATH. */
export const runStep = async ({ name, command, args, env, aloud = false }: Step): Promise<Outcome> => {
  const started = performance.now();
  const path = `${join(root, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`;
  const child = spawn(command, args, { cwd: root, env: { ...process.env, PATH: path, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      pieces.push(piece);
      if (aloud) process.stdout.write(piece);
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      pieces.push(error.message);
      resolve(1);
    });
    child.once("close", resolve);
  });
  return { name, ok: code === 0, output: pieces.join(""), seconds: (performance.now() - started) / 1000 };
};

/** Runs steps side by side, as many as there are cores (two at least), and says how each went as it ends. */
export const runSteps = async (steps: readonly Step[], lanes = Math.max(2, availableParallelism())): Promise<readonly Outcome[]> => {
  const waiting = [...steps];
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const outcome = await runStep(step);
      outcomes.push(outcome);
      console.log(`${outcome.ok ? "ok  " : "FAIL"} ${outcome.name} (${outcome.seconds.toFixed(1)} s)`);
      if (!outcome.ok) console.log(outcome.output.trimEnd());
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return outcomes;
};
