import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Where the demo lives while it runs. */
export interface Demo {
  /** The folder that VS Code opens. */
  readonly folder: string;
  /** User data, the cluster's data. */
  readonly home: string;
  readonly kubeconfig: string;
  readonly data: string;
}

/** VS Code's settings for the demo: the cluster starts by itself and is found at a known place. */
export const demoSettings = ({ kubeconfig, data }: Demo): Readonly<Record<string, unknown>> => ({
  "drydock.autoStart": true,
  "drydock.nodes": 3,
  "drydock.kubeconfig": kubeconfig,
  "drydock.dataFolder": data,
  "security.workspace.trust.enabled": false,
});

/** The manifest that the demo shows first. */
export const firstFile = "ballot/ballot.yaml";

export const announce = ({ kubeconfig }: Demo): void => {
  console.log(`cluster ready: kubeconfig ${kubeconfig}`);
  console.log(`  try: kubectl --kubeconfig ${kubeconfig} get nodes`);
};

/** Resolves when the kubeconfig names a server. */
export const clusterReady = async ({ kubeconfig }: Demo): Promise<void> => {
  const isThere = async () => (await readFile(kubeconfig, "utf8").catch(() => "")).includes("server: ");
  if (await isThere()) return;
  await new Promise<void>((resolve) => {
    const watching = watch(dirname(kubeconfig), () => {
      void isThere().then((there) => {
        if (!there) return;
        watching.close();
        resolve();
      });
    });
  });
};
