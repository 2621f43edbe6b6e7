import * as vscode from "vscode";
import { describeUri } from "../documents/describe/describe-documents.ts";
import { rowsOf, type Command } from "./command.ts";

/** Opens the live objects, with their conditions and events. */
export const describe: Command = {
  id: "drydock.describe",
  failure: "It could not be described",
  async run(_parts, ...args) {
    for (const { about } of rowsOf(args)) {
      if (about === undefined) continue;
      const document = await vscode.workspace.openTextDocument(describeUri(about));
      await vscode.languages.setTextDocumentLanguage(document, "yaml");
      await vscode.window.showTextDocument(document, { preview: true });
    }
  },
};
