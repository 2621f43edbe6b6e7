import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./steps.ts";

/** What a round of tests came to. */
export interface Tally {
  readonly passed: number;
  /** The titles of those that failed, with the reason. */
  readonly failed: readonly string[];
  /** The titles of those that were skipped, with the reason and what would help. */
  readonly skipped: readonly string[];
}

export const nothing: Tally = { passed: 0, failed: [], skipped: [] };

export const together = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
  failed: tallies.flatMap(({ failed }) => failed),
  skipped: tallies.flatMap(({ skipped }) => skipped),
});

/** Where a round of this name leaves its report and pictures. */
export const resultFile = (name: string): string => {
  const file = join(root, "test-results", name);
  mkdirSync(dirname(file), { recursive: true });
  return file;
};

export const writeTally = (file: string, tally: Tally): void => writeFileSync(file, JSON.stringify(tally, null, 2));

/** The tally in a file; one failure when the round did not live to write it. */
export const readTally = (file: string, round: string): Tally => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Tally;
  } catch {
    return { ...nothing, failed: [`${round}: ended without a report`] };
  }
};

interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
      readonly meta?: { readonly reason?: string };
    }[];
  }[];
}

/** The same, from vitest's JSON report. A file that could not be loaded is a failure. */
export const readVitest = (file: string, round: string): Tally => {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, "utf8")) as VitestReport;
  } catch {
    return { ...nothing, failed: [`${round}: ended without a report`] };
  }
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((each) => each.status !== "failed"),
  );
  return {
    passed: tests.filter(({ status }) => status === "passed").length,
    failed: [
      ...tests
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0] ?? ""}`),
      ...unloaded.map(({ name, message }) => `${name}: ${message}`),
    ],
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName, meta }) => `${fullName}: ${meta?.reason ?? "skipped by its own condition"}`),
  };
};
