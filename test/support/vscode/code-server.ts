import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder } from "../cache.ts";

const run = promisify(execFile);

/** Carries VS Code's own workbench and its extension host for Node; nothing of it is compiled or run when it is installed. */
const version = "4.139.1";

const entryOf = (folder: string): string => join(folder, "node_modules/code-server/out/node/entry.js");

/**
 * A real VS Code from npm, for machines where none is installed: answers the file that starts it. The first call
 * fetches it (600 MB on disk, half a minute) into the cache folder; it stays out of the project's own dependencies.
 */
export const fetchCodeServer = async (say: (line: string) => void = console.log): Promise<string> => {
  const folder = join(cacheFolder(), `code-server-${version}`);
  if (existsSync(entryOf(folder))) return entryOf(folder);
  say(`fetching code-server ${version} into ${folder} (once, about half a minute)`);
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, "package.json"), "{}");
  const npm = (args: readonly string[], cwd: string) =>
    run("npm", [...args, "--ignore-scripts", "--no-progress", "--no-audit", "--no-fund"], { cwd, maxBuffer: 1 << 26 });
  try {
    await npm(["install", `code-server@${version}`], partial);
    const workbench = join(partial, "node_modules/code-server/lib/vscode");
    await npm(["install", "--omit=dev"], workbench);
    await npm(["install", "--omit=dev"], join(workbench, "extensions"));
    await rename(partial, folder).catch((error: unknown) => {
      if (!existsSync(entryOf(folder))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return entryOf(folder);
};
