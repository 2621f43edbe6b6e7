import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ClusterOptions } from "../cluster/cluster.ts";
import { settings } from "./settings.ts";

/** How this window's engine is run: its data lie in the workspace's own storage, so that two windows have two clusters. */
export const engineOptions = (context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ClusterOptions => {
  const dataFolder = (context.storageUri ?? vscode.Uri.file(join(tmpdir(), "drydock"))).fsPath;
  const { nodes, kubeconfig = join(dataFolder, "kubeconfig") } = settings();
  return {
    entry: context.asAbsolutePath("dist/sandbox.js"),
    args: ["up", "--port", "0", "--data-dir", join(dataFolder, "cluster"), "--kubeconfig", kubeconfig, "--nodes", String(nodes)],
    dataFolder: join(dataFolder, "cluster"),
    log: (line) => log.info(line),
  };
};
