import * as vscode from "vscode";

const scheme = "drydock-diff";

/** The two sides of a comparison, as read-only documents. */
export class DiffDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #held: vscode.Disposable;
  #made = 0;

  constructor() {
    this.#held = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** Opens VS Code's own comparison of two texts. */
  async show(title: string, name: string, before: string, after: string): Promise<void> {
    const count = String(this.#made++);
    const side = (which: string, text: string) => {
      const uri = vscode.Uri.from({ scheme, path: `/${which}/${name}.yaml`, query: count });
      this.#texts.set(uri.toString(), text);
      return uri;
    };
    await vscode.commands.executeCommand("vscode.diff", side("cluster", before), side("manifest", after), title);
  }

  dispose(): void {
    this.#texts.clear();
    this.#held.dispose();
  }
}
