import * as vscode from "vscode";
import type { Command } from "./command.ts";

/** Asks first, unless called with `true`. */
export const reset: Command = {
  id: "drydock.reset",
  failure: "The cluster could not be reset",
  async run({ cluster }, sure) {
    const question = "Reset the cluster? Everything in it is deleted.";
    if (sure !== true && (await vscode.window.showWarningMessage(question, { modal: true }, "Reset")) !== "Reset") return undefined;
    return (await cluster.reset()).kubeconfig;
  },
};
