/** `npm run check`: what holds before a commit. Types, lint, form, dead code; unit, integration and architecture tests (imports are among them). */
import { runSteps } from "./steps.ts";

const outcomes = await runSteps([
  { name: "unit and integration tests", command: "vitest", args: ["run", "--silent=passed-only"] },
  { name: "types", command: "tsc", args: ["-b"] },
  { name: "lint", command: "eslint", args: [".", "--cache", "--cache-location", ".cache/eslint"] },
  { name: "form", command: "prettier", args: [".", "--check", "--cache", "--cache-location", ".cache/prettier", "--log-level", "warn"] },
  { name: "dead code", command: "knip", args: [] },
]);
const failed = outcomes.filter(({ ok }) => !ok);
console.log(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
