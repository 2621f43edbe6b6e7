import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import type { Tally } from "../../support/tally.ts";

/** The entry VS Code calls in its extension host. Writes the tally; a rejection makes VS Code end with a failure. */
export const run = async (): Promise<void> => {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 60_000, reporter: "spec", grep: process.env["DRYDOCK_GREP"] });
  for (const file of readdirSync(__dirname)
    .filter((name) => name.endsWith(".suite.cjs"))
    .sort())
    mocha.addFile(join(__dirname, file));
  let passed = 0;
  const failed: string[] = [];
  const skipped: string[] = [];
  const failures = await new Promise<number>((resolve) => {
    mocha
      .run(resolve)
      .on("pass", () => passed++)
      .on("fail", (test: Mocha.Test, error: Error) => failed.push(`${test.fullTitle()}: ${error.stack ?? error.message}`))
      .on("pending", (test: Mocha.Test) => skipped.push(test.fullTitle()));
  });
  const file = process.env["DRYDOCK_TALLY"];
  const tally: Tally = { passed, failed, skipped };
  if (file !== undefined) writeFileSync(file, JSON.stringify(tally));
  if (failures > 0) throw new Error(`${failures} failed`);
};
