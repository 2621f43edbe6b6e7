/**
 * `npm test`: every round there is, each with the set-up it needs. What this machine cannot do is skipped aloud with the
 * reason and the fix; with `--skip-nothing` that is a failure. With `--long` what is tried at random is tried for long. The last line says `N passed, N failed`.
 */
import { chromium, kubectl, type Need } from "./machine.ts";
import { runStep, type Step } from "./steps.ts";
import { nothing, readTally, readVitest, resultFile, together, type Tally } from "./tally.ts";

interface Round {
  readonly name: string;
  readonly needs: readonly (() => Need)[];
  readonly run: () => Promise<Tally>;
}

/** Read by test/simulation/fuzz.test.ts. */
const long: Readonly<Record<string, string>> = process.argv.includes("--long") ? { DRYDOCK_LONG: "1" } : {};
const skipNothing = process.argv.includes("--skip-nothing");
const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice("--only=".length);

const vitest =
  (name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Round["run"] =>
  async () => {
    const file = resultFile(`${name}.json`);
    await runStep({
      name,
      command: "vitest",
      args: ["run", ...args, "--silent=passed-only", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      env,
      aloud: true,
    });
    return readVitest(file, name);
  };

/** A round that writes its own tally into the file it is told of. */
const own =
  (name: string, args: readonly string[]): Round["run"] =>
  async () => {
    const file = resultFile(`${name}.json`);
    const step: Step = { name, command: process.execPath, args, env: { DRYDOCK_TALLY: file }, aloud: true };
    const { ok } = await runStep(step);
    const tally = readTally(file, name);
    return ok || tally.failed.length > 0 ? tally : { ...tally, failed: [`${name}: ended with a failure outside its tests`] };
  };

const rounds: readonly Round[] = [
  { name: "unit", needs: [], run: vitest("unit", [], long) },
  { name: "kubectl", needs: [kubectl], run: vitest("kubectl", ["--config", "test/e2e/vitest.config.ts"]) },
  { name: "vscode", needs: [chromium], run: own("vscode", ["test/e2e/vscode/run.ts"]) },
  { name: "ui", needs: [chromium], run: own("ui", ["test/e2e/ui/run.ts"]) },
];

const runRound = async ({ name, needs, run }: Round): Promise<Tally> => {
  console.log(`\n== ${name}`);
  const missing = needs.map((need) => need()).filter(({ present }) => !present);
  if (missing.length === 0) return run();
  const reasons = missing.map((need) => `${name}: this machine has no ${need.name}. Fix: ${need.fix}`);
  for (const reason of reasons) console.log(`SKIPPED ${reason}`);
  return skipNothing ? { ...nothing, failed: reasons } : { ...nothing, skipped: reasons };
};

const build = await runStep({ name: "build", command: "npm", args: ["run", "--silent", "build", "--", "--tests"], aloud: true });
const tallies: Tally[] = build.ok ? [] : [{ ...nothing, failed: [`build: ${build.output}`] }];
if (build.ok)
  for (const round of rounds) if (only === undefined || only.split(",").includes(round.name)) tallies.push(await runRound(round));

const { passed, failed, skipped } = together(tallies);
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join("\n")}`);
if (failed.length > 0) console.log(`\nFailed:\n${failed.map((line) => `  ${line.split("\n").slice(0, 6).join("\n    ")}`).join("\n")}`);
console.log(`\n${passed} passed, ${failed.length} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`);
process.exitCode = failed.length === 0 ? 0 : 1;
