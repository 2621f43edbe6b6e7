import * as vscode from "vscode";
import type { Connection } from "../cluster/connection.ts";
import type { Applied } from "../cluster/apply/apply.ts";
import type { ManifestObject } from "../language/manifest-text.ts";
import type { Result } from "../language/results/results.ts";
import type { Parts } from "./command.ts";
import type { Target } from "./manifest-target.ts";

/** Does the same to every object of every target, in order, and shows what became of each where it stands. Answers the lines that kubectl would print. */
export const runManifests = async (
  { cluster, results, log }: Parts,
  title: string,
  targets: readonly Target[],
  work: (connection: Connection, object: ManifestObject["object"]) => Promise<Applied>,
): Promise<readonly string[]> => {
  if (targets.every(({ objects }) => objects.length === 0)) {
    void vscode.window.showInformationMessage("There is no Kubernetes manifest here.");
    return [];
  }
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
    const connection = await cluster.start();
    const lines: string[] = [];
    const failures: string[] = [];
    for (const { uri, objects } of targets) {
      const outcomes: Result[] = [];
      for (const manifest of objects) {
        const outcome = await work(connection, manifest.object).then(
          ({ what, verdict }) => `${what} ${verdict}`,
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        );
        outcomes.push({ manifest, outcome });
        if (typeof outcome === "string") lines.push(outcome);
        else failures.push(outcome.message);
        log.info(typeof outcome === "string" ? outcome : `refused: ${outcome.message}`);
      }
      results.show(uri, outcomes);
    }
    report(lines, failures);
    return [...lines, ...failures];
  });
};

const report = (lines: readonly string[], failures: readonly string[]): void => {
  if (failures.length > 0) {
    const text =
      failures.length === 1 ? (failures[0] ?? "") : `${failures.length} objects were refused, ${lines.length} were not. See Problems.`;
    void vscode.window
      .showErrorMessage(text, "Show Problems")
      .then((chosen) => chosen && vscode.commands.executeCommand("workbench.actions.view.problems"));
  } else if (lines.length === 1) vscode.window.setStatusBarMessage(`$(check) ${lines[0] ?? ""}`, 5000);
  else {
    const counts = ["created", "configured", "unchanged", "deleted"].map(
      (verdict) => [lines.filter((line) => line.endsWith(verdict)).length, verdict] as const,
    );
    vscode.window.setStatusBarMessage(
      `$(check) ${counts
        .filter(([count]) => count > 0)
        .map((pair) => pair.join(" "))
        .join(", ")}`,
      5000,
    );
  }
};
