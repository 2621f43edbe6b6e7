import * as vscode from "vscode";
import { StatusError, type AnyObject, type ResourceType } from "../../../sandbox/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Connection } from "../../cluster/connection.ts";
import { pathOf } from "../../cluster/client/paths.ts";
import { Disposables } from "../../support/disposables.ts";
import { messageOf } from "../../support/errors.ts";
import type { Reference } from "../../views/row.ts";
import { describeText } from "./describe-text.ts";

const scheme = "drydock-object";

/** The document of an object. Its URI says all that is needed to fetch it. */
export const describeUri = ({ type, namespace, name }: Reference): vscode.Uri => {
  const { group, version, resource, kind, namespaced } = type;
  const path = `/${[...(namespace === undefined ? [] : [namespace]), resource, name].map(encodeURIComponent).join("/")}.yaml`;
  return vscode.Uri.from({
    scheme,
    path,
    query: JSON.stringify({ type: { group, version, resource, kind, namespaced }, namespace, name }),
  });
};

/** Live objects as read-only documents, renewed by watch while they are open. */
export class DescribeDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #cluster: Cluster;
  readonly #held = new Disposables();
  readonly #changed = this.#held.add(new vscode.EventEmitter<vscode.Uri>());
  readonly #watched = new Map<string, AbortController>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#held.add(vscode.workspace.registerTextDocumentContentProvider(scheme, this));
    this.#held.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#unwatch(uri)));
    this.#held.add(
      cluster.onChange(() => {
        for (const { uri } of vscode.workspace.textDocuments) {
          if (uri.scheme !== scheme) continue;
          this.#unwatch(uri);
          this.#changed.fire(uri);
        }
      }),
    );
  }

  readonly onDidChange = this.#changed.event;

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { type, namespace, name } = JSON.parse(uri.query) as Reference;
    const { connection } = this.#cluster;
    if (connection === undefined) return "# The cluster is stopped.\n";
    try {
      const object = await connection.client.call<AnyObject>({ path: pathOf(type, { namespace, name }) });
      await connection.events.start();
      this.#watch(uri, connection, type, object);
      return describeText(
        { apiVersion: type.group === "" ? type.version : `${type.group}/${type.version}`, kind: type.kind, ...object },
        connection.events.by("about", object.metadata.uid ?? ""),
        Date.now(),
      );
    } catch (error) {
      return error instanceof StatusError && error.code === 404
        ? `# ${messageOf(error)}\n`
        : `# It could not be read: ${messageOf(error)}\n`;
    }
  }

  dispose(): void {
    for (const watch of this.#watched.values()) watch.abort();
    this.#held.dispose();
  }

  /** Tells VS Code to ask again when this object, or an event about it, comes by. */
  #watch(uri: vscode.Uri, { client, events }: Connection, type: ResourceType, object: AnyObject): void {
    const key = uri.toString();
    if (this.#watched.has(key)) return;
    const watch = new AbortController();
    this.#watched.set(key, watch);
    const { namespace, name = "", uid = "" } = object.metadata;
    const changed = () => !watch.signal.aborted && this.#changed.fire(uri);
    let seen = events.by("about", uid).length;
    const listening = events.onChange(() => {
      const now = events.by("about", uid).length;
      if (now !== seen) changed();
      seen = now;
    });
    const query = { watch: true, fieldSelector: `metadata.name=${name}`, resourceVersion: object.metadata.resourceVersion };
    client
      .lines({ path: pathOf(type, { namespace }), query, signal: watch.signal }, changed)
      .catch(() => undefined)
      .finally(() => {
        listening.dispose();
        if (this.#watched.get(key) === watch) this.#watched.delete(key);
      });
  }

  #unwatch(uri: vscode.Uri): void {
    this.#watched.get(uri.toString())?.abort();
    this.#watched.delete(uri.toString());
  }
}
