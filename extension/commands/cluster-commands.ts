import * as vscode from "vscode";
import type { Command } from "./command.ts";

const choices = [
  { label: "$(debug-stop) Stop the Cluster", command: "drydock.stop" },
  { label: "$(add) Add a Node", command: "drydock.addNode" },
  { label: "$(key) Copy Kubeconfig", command: "drydock.copyKubeconfig" },
  { label: "$(terminal) Open a Terminal with kubectl", command: "workbench.action.terminal.new" },
  { label: "$(output) Open the Log", command: "drydock.openLog" },
  { label: "$(discard) Reset the Cluster", command: "drydock.reset" },
];

/** What a click on the status bar offers while the cluster is ready. */
export const clusterCommands: Command = {
  id: "drydock.clusterCommands",
  failure: "That did not work",
  async run() {
    const chosen = await vscode.window.showQuickPick(choices, { title: "Drydock Cluster" });
    if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command);
  },
};
