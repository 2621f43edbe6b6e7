import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ClusterOptions } from "../cluster/cluster.ts";
import { settings } from "./settings.ts";

/** How this window's engine is run: its data lie in the workspace's own storage, so that two windows have two clusters. Settings are read at each start. */
export const engineOptions = (context: vscode.ExtensionContext, log: vscode.LogOutputChannel): ClusterOptions => {
  const folder = () => settings().dataFolder ?? (context.storageUri ?? vscode.Uri.file(join(tmpdir(), "drydock"))).fsPath;
  return {
    entry: context.asAbsolutePath("dist/sandbox.js"),
    args: () => {
      const { nodes, port, kubernetesVersion, kubeconfig = join(folder(), "kubeconfig") } = settings();
      return [
        ...[
          "up",
          "--replace",
          "--port",
          String(port),
          "--nodes",
          String(nodes),
          "--data-dir",
          join(folder(), "cluster"),
          "--kubeconfig",
          kubeconfig,
        ],
        ...(kubernetesVersion === undefined ? [] : ["--kubernetes-version", kubernetesVersion]),
      ];
    },
    dataFolder: () => join(folder(), "cluster"),
    log: (line) => log.info(line),
  };
};
