import * as vscode from "vscode";
import type { Cluster } from "../cluster/cluster.ts";
import { settings } from "../settings/settings.ts";
import { manifestFiles } from "./lenses/manifest-lenses.ts";
import { looksLikeManifest } from "./manifest-text.ts";

/** Starts the cluster when a manifest is opened, where `drydock.autoStart` says so and the workspace is trusted. Somebody who stopped it is not overruled. */
export const startForManifests = (cluster: Cluster): vscode.Disposable => {
  let done = false;
  const consider = (document: vscode.TextDocument) => {
    if (done || !settings().autoStart || !vscode.workspace.isTrusted || cluster.state.kind !== "stopped") return;
    if (vscode.languages.match(manifestFiles, document) === 0 || !looksLikeManifest(document.getText())) return;
    done = true;
    void vscode.commands.executeCommand("drydock.start");
  };
  vscode.workspace.textDocuments.forEach(consider);
  return vscode.workspace.onDidOpenTextDocument(consider);
};
