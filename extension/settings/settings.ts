import * as vscode from "vscode";

/** Our settings, typed. Read when they are needed; VS Code holds them. */
export interface Settings {
  /** Start the cluster when a Kubernetes manifest is opened. */
  readonly autoStart: boolean;
  /** Nodes that a new cluster starts with. */
  readonly nodes: number;
  /** Folder that the cluster is kept in; absent: the workspace's own storage. */
  readonly dataFolder: string | undefined;
  /** Where the API server listens; 0 is any free port. */
  readonly port: number;
  /** Release that is served; absent: the engine's own choice. */
  readonly kubernetesVersion: string | undefined;
  /** File that the kubeconfig is written to; absent: one in the data folder. */
  readonly kubeconfig: string | undefined;
  /** Set KUBECONFIG in new integrated terminals while the cluster is ready. */
  readonly terminalKubeconfig: boolean;
  /** Check manifests while they are typed. */
  readonly validate: boolean;
}

export const settings = (): Settings => {
  const configuration = vscode.workspace.getConfiguration("drydock");
  return {
    autoStart: configuration.get("autoStart", false),
    nodes: configuration.get("nodes", 3),
    dataFolder: configuration.get<string>("dataFolder") || undefined,
    port: configuration.get("port", 0),
    kubernetesVersion: configuration.get<string>("kubernetesVersion") || undefined,
    kubeconfig: configuration.get<string>("kubeconfig") || undefined,
    terminalKubeconfig: configuration.get("terminal.kubeconfig", true),
    validate: configuration.get("manifests.validate", true),
  };
};
