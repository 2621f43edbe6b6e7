import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../steps.ts";

/** Makes a folder of extensions in which ours is installed, with the files that ship and no others. */
export const installExtension = (folder: string): string => {
  rmSync(folder, { recursive: true, force: true });
  const { publisher, name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Record<
    "publisher" | "name" | "version",
    string
  >;
  const target = join(folder, `${publisher}.${name}-${version}`);
  mkdirSync(target, { recursive: true });
  for (const part of ["package.json", "README.md", "LICENSE", "media/icons", "dist"]) {
    cpSync(join(root, part), join(target, part), { recursive: true, filter: (path) => !/\/dist\/(types|tests)(\/|$)|\.map$/.test(path) });
  }
  return folder;
};
