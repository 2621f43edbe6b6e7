import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A table of facts: the rows of a tab-separated file beside this one, by the names in its first line. */
export const readFacts = <Column extends string>(file: string): readonly Readonly<Record<Column, string>>[] => {
  const [head = "", ...lines] = readFileSync(join(import.meta.dirname, file), "utf8").split("\n");
  const columns = head.split("\t") as Column[];
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const cells = line.split("\t");
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ""])) as Record<Column, string>;
    });
};
