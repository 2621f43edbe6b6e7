import * as vscode from "vscode";
import { pods, type Pod } from "../../sandbox/index.ts";
import { pathOf } from "../cluster/client/paths.ts";
import { showLogs } from "../terminals/logs.ts";
import { rowsOf, type Command } from "./command.ts";

/** Follows the logs of a container; of a pod with several, asks which. */
export const logs: Command = {
  id: "drydock.logs",
  failure: "The logs could not be opened",
  async run({ cluster }, ...args) {
    const [row] = rowsOf(args);
    if (row?.about?.namespace === undefined) return;
    const { namespace, name } = row.about;
    const connection = await cluster.start();
    const container =
      row.context === "container"
        ? row.label
        : await chosenContainer(await connection.client.call<Pod>({ path: pathOf(pods, { namespace, name }) }));
    if (container !== undefined) showLogs(connection, namespace, name, container);
  },
};

const chosenContainer = async ({ spec }: Pod): Promise<string | undefined> => {
  const names = [...spec.containers, ...(spec.initContainers ?? [])].map(({ name }) => name);
  return names.length === 1 ? names[0] : vscode.window.showQuickPick(names, { title: "Logs of Which Container?" });
};
