import * as vscode from "vscode";
import { settings } from "../../settings/settings.ts";
import { Disposables } from "../../support/disposables.ts";
import { manifestFiles } from "../lenses/manifest-lenses.ts";
import { looksLikeManifest, manifests } from "../manifest-text.ts";
import { rangeOf } from "../ranges.ts";

/** Milliseconds of rest after a keystroke. */
const rest = 120;

/** Problems of manifests while they are typed: what the API server would say, without asking it. */
export class ManifestDiagnostics implements vscode.Disposable {
  readonly #held = new Disposables();
  readonly #problems = this.#held.add(vscode.languages.createDiagnosticCollection("drydock"));
  readonly #waiting = new Map<string, NodeJS.Timeout>();

  constructor() {
    const { workspace } = vscode;
    this.#held.add(workspace.onDidOpenTextDocument((document) => this.#soon(document, 0)));
    this.#held.add(workspace.onDidChangeTextDocument(({ document }) => this.#soon(document, rest)));
    this.#held.add(workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)));
    this.#held.add(workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("drydock.manifests") && this.#all()));
    this.#all();
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#held.dispose();
  }

  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  #soon(document: vscode.TextDocument, delay: number): void {
    if (vscode.languages.match(manifestFiles, document) === 0) return;
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        void this.#check(document);
      }, delay),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const text = document.getText();
    if (!settings().validate || !looksLikeManifest(text)) {
      this.#problems.delete(document.uri);
      return;
    }
    const { version } = document;
    const { checkManifest } = await manifests();
    const found = checkManifest(text).map(({ message, range, severity, reason }) => {
      const diagnostic = new vscode.Diagnostic(
        rangeOf(range),
        message,
        severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
      );
      diagnostic.source = "Drydock";
      diagnostic.code = reason;
      return diagnostic;
    });
    if (!document.isClosed && document.version === version) this.#problems.set(document.uri, found);
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.delete(key);
    this.#problems.delete(uri);
  }
}
