import assert from "node:assert/strict";
import * as vscode from "vscode";
import { until } from "./wait.ts";

const file = (name: string) => vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);

const open = async (name: string): Promise<vscode.TextDocument> => {
  const document = await vscode.workspace.openTextDocument(file(name));
  await vscode.window.showTextDocument(document);
  return document;
};

describe("manifests", () => {
  before(() => vscode.commands.executeCommand("drydock.start"));
  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("drydock.stop");
  });

  it("offer Apply, Diff and Delete above every object", async () => {
    const { uri } = await open("ballot/ballot.yaml");
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
    assert.equal(lenses.length, 3 * 10);
    assert.deepEqual(
      lenses.slice(0, 3).map(({ command }) => command?.title),
      ["$(play) Apply", "$(diff) Diff", "$(trash) Delete"],
    );
  });

  it("are applied object by object, in order", async () => {
    const lines = await vscode.commands.executeCommand<string[]>("drydock.apply", file("ballot/ballot.yaml"));
    assert.deepEqual(lines, [
      "namespace/ballot created",
      "configmap/question created",
      "deployment.apps/booth created",
      "service/booth created",
      "deployment.apps/queue created",
      "service/queue created",
      "deployment.apps/counter created",
      "secret/store created",
      "statefulset.apps/store created",
      "service/store created",
    ]);
  });

  it("are unchanged when applied again", async () => {
    assert.deepEqual(await vscode.commands.executeCommand("drydock.apply", file("ballot/ballot.yaml"), 1), [
      "configmap/question unchanged",
    ]);
  });

  it("are applied by the folder", async () => {
    const lines = await vscode.commands.executeCommand<string[]>("drydock.apply", file("notebook"));
    assert.equal(lines.filter((line) => line.endsWith(" created")).length, 6, lines.join("\n"));
  });

  it("are compared with what the cluster holds", async () => {
    await vscode.commands.executeCommand("drydock.diff", file("ballot/ballot.yaml"), 2);
    const tab = await until("the comparison", () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ input }) => input instanceof vscode.TabInputTextDiff),
    );
    assert.equal(tab.label, "Deployment booth: cluster ↔ manifest");
  });

  it("with mistakes in them offer the same", async () => {
    const { uri } = await open("mistakes.yaml");
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri, 100);
    assert.equal(lenses.length, 3);
  });

  it("that the API server refuses are underlined where it says", async () => {
    const { uri } = await open("mistakes.yaml");
    await vscode.commands.executeCommand("drydock.apply", uri);
    const found = await until("the refusal", () => {
      const refusals = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Kubernetes API server");
      return refusals.length > 0 && refusals;
    });
    assert.match(found.map(({ message }) => message).join("\n"), /imagee|Mistaken_Name/);
  });

  it("are checked while they are typed, in the API server's words", async () => {
    const document = await vscode.workspace.openTextDocument({
      language: "yaml",
      content: "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n",
    });
    const editor = await vscode.window.showTextDocument(document);
    const line = 6;
    await editor.edit((edit) => edit.replace(document.lineAt(line).range, "  - port: 99999"));
    const found = await until("the problem", () =>
      vscode.languages.getDiagnostics(document.uri).find(({ source }) => source === "Drydock"),
    );
    assert.equal(found.range.start.line, line);
    assert.match(found.message, /must be between 1 and 65535, inclusive/);
    await editor.edit((edit) => edit.replace(document.lineAt(line).range, "  - port: 80"));
    await until("the problem to go", () => vscode.languages.getDiagnostics(document.uri).length === 0);
  });

  it("are deleted from the cluster", async () => {
    const lines = await vscode.commands.executeCommand<string[]>("drydock.deleteManifest", file("ballot/ballot.yaml"), 1, true);
    assert.deepEqual(lines, ["configmap/question deleted"]);
  });
});
