/** `npm run bench`: every group of rows, or those whose file names contain an argument. Prints a table and writes test-results/bench.json. */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resultFile } from "../support/tally.ts";
import type { Bench, Row } from "./bench.ts";

const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".bench.ts") && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort();

const results: { readonly group: string; readonly rows: readonly Row[] }[] = [];
for (const file of files) {
  const { bench } = (await import(join(import.meta.dirname, file))) as { bench: Bench };
  console.log(`\n${bench.name}`);
  const rows = await bench.run();
  for (const { work, result, target, reached } of rows)
    console.log(`  ${reached ? "ok  " : "slow"} ${work.padEnd(64)} ${result.padStart(16)}   wanted ${target}`);
  results.push({ group: bench.name, rows });
}
writeFileSync(resultFile("bench.json"), JSON.stringify(results, null, 2));
