import { readFile } from "node:fs/promises";
import * as vscode from "vscode";
import type { Command } from "./command.ts";

export const copyKubeconfig: Command = {
  id: "drydock.copyKubeconfig",
  failure: "The kubeconfig could not be copied",
  async run({ cluster }) {
    const { kubeconfig } = await cluster.start();
    const path = "Copy the Path";
    const content = "Copy the Content";
    const chosen = await vscode.window.showQuickPick(
      [
        { label: path, description: kubeconfig },
        { label: content, description: "holds the administrator's private key" },
      ],
      { title: "Kubeconfig" },
    );
    if (chosen === undefined) return undefined;
    await vscode.env.clipboard.writeText(chosen.label === path ? kubeconfig : await readFile(kubeconfig, "utf8"));
    vscode.window.setStatusBarMessage("$(check) Copied", 3000);
    return kubeconfig;
  },
};
