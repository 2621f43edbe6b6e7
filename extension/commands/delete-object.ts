import * as vscode from "vscode";
import { pathOf } from "../cluster/client/paths.ts";
import { nameOf } from "../views/row.ts";
import { rowsOf, type Command } from "./command.ts";

/** Asks first, then deletes with what the object owns behind it. */
export const deleteObject: Command = {
  id: "drydock.deleteObject",
  failure: "It could not be deleted",
  async run({ cluster }, ...args) {
    const objects = rowsOf(args).flatMap(({ about }) => (about === undefined ? [] : [about]));
    const [first] = objects;
    if (first === undefined) return;
    const what = objects.length === 1 ? `${first.type.kind.toLowerCase()} ${nameOf(first)}` : `${objects.length} objects`;
    if ((await vscode.window.showWarningMessage(`Delete ${what}?`, { modal: true }, "Delete")) !== "Delete") return;
    const { client } = await cluster.start();
    const deleted = ({ type, namespace, name }: (typeof objects)[number]) =>
      client.call({ method: "DELETE", path: pathOf(type, { namespace, name }), query: { propagationPolicy: "Background" } });
    await Promise.all(objects.map(deleted));
  },
};
