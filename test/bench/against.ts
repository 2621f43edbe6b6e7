import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/steps.ts";
import type { Row } from "./bench.ts";

/** A group of rows, as `bench.json` holds it. */
export interface Group {
  readonly group: string;
  readonly rows: readonly Row[];
}

const run = (folder: string, program: string, ...args: readonly string[]): void => {
  const { status } = spawnSync(program, args, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${String(status)} at the other commit`);
};

/**
 * The same rows at another commit, measured right after this one's on the same machine: figures compare as ratios in one run, never across runs. The commit
 * is checked out beside this one and uses this one's packages.
 */
export const measureAt = (commit: string, files: readonly string[]): readonly Group[] => {
  const folder = join(root, ".cache", "bench-against");
  run(root, "git", "worktree", "prune");
  rmSync(folder, { recursive: true, force: true });
  run(root, "git", "worktree", "add", "--detach", "--force", folder, commit);
  try {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    run(folder, process.execPath, "sandbox/api/generate.ts");
    run(folder, process.execPath, "esbuild.mjs");
    run(folder, process.execPath, "test/bench/run.ts", ...files);
    const results = join(folder, "test-results", "bench.json");
    return existsSync(results) ? (JSON.parse(readFileSync(results, "utf8")) as readonly Group[]) : [];
  } finally {
    run(root, "git", "worktree", "remove", "--force", folder);
  }
};

const amount = (result: string): number =>
  Number(/[\d,.]+/.exec(result)?.[0].replaceAll(",", "") ?? Number.NaN) * (/\d ms/.test(result) ? 0.001 : 1);

/** How many times better a row is than the other: more per second, or less time or memory. */
export const ratio = (mine: Row, other: Row): number =>
  mine.result.includes("per s") ? amount(mine.result) / amount(other.result) : amount(other.result) / amount(mine.result);
