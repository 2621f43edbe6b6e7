/**
 * `npm run bench [PART…] [-- --against COMMIT]`: every group of rows, or those whose file names contain a part. Prints a table and writes
 * test-results/bench.json; with a commit, measures the same rows there in the same run and prints how many times better this one is.
 */
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { resultFile } from "../support/tally.ts";
import { measureAt, ratio, type Group } from "./against.ts";
import type { Bench } from "./bench.ts";

const { positionals: wanted, values } = parseArgs({ allowPositionals: true, options: { against: { type: "string" } } });
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".bench.ts") && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
  .sort();

const results: Group[] = [];
for (const file of files) {
  const { bench } = (await import(join(import.meta.dirname, file))) as { bench: Bench };
  console.log(`\n${bench.name}`);
  const rows = await bench.run();
  for (const { work, result, target, reached } of rows)
    console.log(`  ${reached ? "ok  " : "slow"} ${work.padEnd(64)} ${result.padStart(16)}   wanted ${target}`);
  results.push({ group: bench.name, rows });
}
writeFileSync(resultFile("bench.json"), JSON.stringify(results, null, 2));

if (values.against !== undefined) {
  console.log(`\nagainst ${values.against}, in the same run (2.00: twice as good)`);
  const others = measureAt(values.against, wanted).flatMap(({ rows }) => rows);
  for (const row of results.flatMap(({ rows }) => rows)) {
    const other = others.find(({ work }) => work === row.work);
    if (other)
      console.log(
        `  ${ratio(row, other).toFixed(2).padStart(6)}  ${row.work.padEnd(64)} ${row.result.padStart(16)}   there ${other.result}`,
      );
  }
}
