import * as vscode from "vscode";
import type { Cluster } from "../cluster/cluster.ts";
import { settings } from "../settings/settings.ts";

/** Points kubectl, helm and the like in new integrated terminals at the cluster while it is ready. */
export const keepTerminalsPointed = (variables: vscode.GlobalEnvironmentVariableCollection, cluster: Cluster): vscode.Disposable => {
  variables.persistent = false;
  variables.description = "Drydock points kubectl at the cluster in this window";
  const update = () => {
    const { connection } = cluster;
    if (connection === undefined || !settings().terminalKubeconfig) variables.delete("KUBECONFIG");
    else variables.replace("KUBECONFIG", connection.kubeconfig);
  };
  const listening = [
    cluster.onChange(update),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("drydock.terminal") && update()),
  ];
  update();
  return vscode.Disposable.from(...listening, { dispose: () => variables.clear() });
};
