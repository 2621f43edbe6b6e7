import * as vscode from "vscode";
import { looksLikeManifest, objectsOf, titleOf } from "../manifest-text.ts";
import { rangeOf } from "../ranges.ts";

/** Which files manifests stand in. */
export const manifestFiles: vscode.DocumentSelector = [
  { language: "yaml", scheme: "file" },
  { language: "yaml", scheme: "untitled" },
  { language: "json", scheme: "file" },
  { language: "yaml", scheme: "vscode-remote" },
];

/** Apply, Diff and Delete above every object of a manifest. */
export const manifestLenses: vscode.CodeLensProvider = {
  async provideCodeLenses(document) {
    const text = document.getText();
    if (!looksLikeManifest(text)) return [];
    return (await objectsOf(text)).flatMap(({ document: located, object }, index) => {
      const range = rangeOf(located.locate("apiVersion", "key"));
      const lens = (command: string, title: string, tooltip: string) =>
        new vscode.CodeLens(range, { command, title, tooltip, arguments: [document.uri, index] });
      const what = titleOf(object);
      return [
        lens("drydock.apply", "$(play) Apply", `Apply ${what} to the cluster`),
        lens("drydock.diff", "$(diff) Diff", `Compare ${what} with what the cluster holds`),
        lens("drydock.deleteManifest", "$(trash) Delete", `Delete ${what} from the cluster`),
      ];
    });
  },
};
