import * as vscode from "vscode";
import { StatusError } from "../../../sandbox/index.ts";
import { Disposables } from "../../support/disposables.ts";
import { messageOf } from "../../support/errors.ts";
import type { ManifestObject } from "../manifest-text.ts";
import { rangeOf } from "../ranges.ts";

/** What became of one object of a manifest. */
export interface Result {
  readonly manifest: ManifestObject;
  /** `deployment.apps/web configured`, or the failure. */
  readonly outcome: string | Error;
}

/** Where the API server says the fault lies: its causes, each at its field, else the whole refusal at the object's name. */
const diagnosticsOf = ({ manifest: { document }, outcome }: Result): readonly vscode.Diagnostic[] => {
  if (typeof outcome === "string") return [];
  const causes = outcome instanceof StatusError ? (outcome.status.details?.causes ?? []) : [];
  const located = causes.filter(({ field }) => field !== undefined && field !== "");
  const faults =
    located.length > 0
      ? located.map(({ field = "", message = "" }) => ({ field, message: `${field}: ${message}` }))
      : [{ field: "kind", message: messageOf(outcome) }];
  return faults.map(({ field, message }) => {
    const diagnostic = new vscode.Diagnostic(rangeOf(document.locate(field)), message, vscode.DiagnosticSeverity.Error);
    diagnostic.source = "Kubernetes API server";
    if (outcome instanceof StatusError) diagnostic.code = outcome.reason;
    return diagnostic;
  });
};

/** Results of apply and delete at the objects they are about, until the text changes. */
export class Results implements vscode.Disposable {
  readonly #held = new Disposables();
  readonly #problems = this.#held.add(vscode.languages.createDiagnosticCollection("drydock-results"));
  readonly #done = this.#held.add(
    vscode.window.createTextEditorDecorationType({
      after: { margin: "0 0 0 2em", color: new vscode.ThemeColor("editorCodeLens.foreground") },
    }),
  );
  readonly #failed = this.#held.add(
    vscode.window.createTextEditorDecorationType({
      after: { margin: "0 0 0 2em", color: new vscode.ThemeColor("editorError.foreground") },
    }),
  );
  readonly #shown = new Map<string, readonly Result[]>();

  constructor() {
    this.#held.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && this.forget(document.uri)),
    );
    this.#held.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.#held.add(vscode.window.onDidChangeVisibleTextEditors(() => this.#decorate()));
  }

  show(uri: vscode.Uri, results: readonly Result[]): void {
    this.#shown.set(uri.toString(), results);
    this.#problems.set(uri, results.flatMap(diagnosticsOf));
    this.#decorate();
  }

  forget(uri: vscode.Uri): void {
    if (!this.#shown.delete(uri.toString())) return;
    this.#problems.delete(uri);
    this.#decorate();
  }

  dispose(): void {
    this.#held.dispose();
  }

  #decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const results = this.#shown.get(editor.document.uri.toString()) ?? [];
      const after = ({ manifest: { document }, outcome }: Result): vscode.DecorationOptions => ({
        range: rangeOf(document.locate("kind")),
        renderOptions: { after: { contentText: typeof outcome === "string" ? `✓ ${outcome}` : `✗ ${firstLine(outcome.message)}` } },
      });
      editor.setDecorations(this.#done, results.filter(({ outcome }) => typeof outcome === "string").map(after));
      editor.setDecorations(this.#failed, results.filter(({ outcome }) => typeof outcome !== "string").map(after));
    }
  }
}

const firstLine = (text: string): string => {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
};
