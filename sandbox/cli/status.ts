import { choosing, runningSandboxes } from "./runs.ts";
import { outputOption, wantsJson, type Verb } from "./verb.ts";

/** `drydock status`: which sandboxes run. Exit code 1 when there is none. */
export const status: Verb = {
  name: "status",
  help: "say which sandboxes run",
  options: { ...choosing, ...outputOption },
  async run(given, console) {
    const dataDir = given.text("data-dir");
    const kubeconfig = given.text("kubeconfig");
    const runs = (await runningSandboxes()).filter(
      (run) => (dataDir === undefined || run.dataDir === dataDir) && (kubeconfig === undefined || run.kubeconfig === kubeconfig),
    );
    if (wantsJson(given)) console.print(JSON.stringify({ sandboxes: runs }));
    else if (runs.length === 0) console.print("no sandbox is running");
    else
      for (const { url, kubernetesVersion, nodes, dataDir: folder, kubeconfig: file } of runs)
        console.print(`${url} Kubernetes ${kubernetesVersion}, ${String(nodes)} nodes, ${folder ?? "in memory"}, kubeconfig ${file}`);
    return runs.length === 0 ? 1 : 0;
  },
};
