import * as vscode from "vscode";

/** What people are told of a failure: the API server's own words where it refused. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Shows a failure, with the log one click away. Resolves when it has been dismissed. */
export const showFailure = async (what: string, error: unknown, log: vscode.LogOutputChannel): Promise<void> => {
  log.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  const chosen = await vscode.window.showErrorMessage(`${what}: ${messageOf(error)}`, "Open Log");
  if (chosen !== undefined) log.show(true);
};
