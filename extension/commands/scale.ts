import * as vscode from "vscode";
import { pathOf } from "../cluster/client/paths.ts";
import { nameOf } from "../views/row.ts";
import { rowsOf, type Command } from "./command.ts";

interface Scale {
  readonly spec: { readonly replicas?: number };
}

/** Asks for the number of replicas and writes it through the scale subresource. */
export const scale: Command = {
  id: "drydock.scale",
  failure: "It could not be scaled",
  async run({ cluster }, ...args) {
    const about = rowsOf(args)[0]?.about;
    if (about === undefined) return;
    const { client } = await cluster.start();
    const path = pathOf(about.type, { namespace: about.namespace, name: about.name, subresource: "scale" });
    const { spec } = await client.call<Scale>({ path });
    const answer = await vscode.window.showInputBox({
      title: `Scale ${about.type.kind} ${nameOf(about)}`,
      prompt: "Number of replicas",
      value: String(spec.replicas ?? 0),
      validateInput: (text) => (/^\d{1,6}$/.test(text) ? undefined : "A whole number, 0 or more"),
    });
    if (answer !== undefined)
      await client.call({
        method: "PATCH",
        path,
        body: { spec: { replicas: Number(answer) } },
        contentType: "application/merge-patch+json",
      });
  },
};
