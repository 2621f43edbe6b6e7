import * as vscode from "vscode";
import type { Cluster } from "../cluster/cluster.ts";
import type { Connection } from "../cluster/connection.ts";
import { Disposables } from "../support/disposables.ts";
import { rowUri } from "./decorations.ts";
import type { Row, Tone } from "./row.ts";
import type { View } from "./view.ts";

/** Rows shown under one parent before a line offers more: a tree view draws what is near, but is sent everything. */
const page = 250;

const colours: Readonly<Record<Tone, string>> = {
  good: "charts.green",
  busy: "list.warningForeground",
  bad: "list.errorForeground",
  idle: "descriptionForeground",
};

/** Shows a View's rows in VS Code, anew whenever one of the kinds it follows has changed. */
export class RowTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #view: View;
  readonly #cluster: Cluster;
  readonly #held = new Disposables();
  readonly #refresh = this.#held.add(new vscode.EventEmitter<Row | undefined>());
  readonly #limits = new Map<string, number>();
  readonly #treeView: vscode.TreeView<Row>;
  #followed: { readonly connection: Connection; readonly listening: Disposables } | undefined;
  #stale = false;

  constructor(view: View, cluster: Cluster) {
    this.#view = view;
    this.#cluster = cluster;
    this.#treeView = this.#held.add(vscode.window.createTreeView(view.id, { treeDataProvider: this, showCollapseAll: true }));
    this.#held.add(this.#treeView.onDidChangeVisibility(({ visible }) => visible && this.#stale && this.#show()));
    this.#held.add(
      cluster.onChange(() => {
        this.#unfollow();
        this.#show();
      }),
    );
  }

  readonly onDidChangeTreeData = this.#refresh.event;

  /** Shows another page of the rows under this parent. */
  showMore(parent: string): void {
    this.#limits.set(parent, (this.#limits.get(parent) ?? page) + 4 * page);
    this.#show();
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row !== undefined) return this.#paged(row.id, row.children?.() ?? []);
    const { connection } = this.#cluster;
    if (connection === undefined) return [];
    await this.#follow(connection);
    return this.#paged("", this.#view.rows(connection));
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem(row.label, row.children === undefined ? None : row.open ? Expanded : Collapsed);
    item.id = row.id;
    item.description = row.description;
    item.iconPath = new vscode.ThemeIcon(row.icon, row.tone && new vscode.ThemeColor(colours[row.tone]));
    item.contextValue = row.context;
    item.resourceUri = rowUri(row);
    item.accessibilityInformation = { label: [row.label, row.description].filter(Boolean).join(", ") };
    if (row.context === "more")
      item.command = { command: "drydock.showMore", title: "Show More", arguments: [this, row.id.slice(0, -"/more".length)] };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    item.tooltip = row.tooltip && new vscode.MarkdownString(row.tooltip());
    return item;
  }

  dispose(): void {
    this.#unfollow();
    this.#held.dispose();
  }

  #paged(parent: string, rows: readonly Row[]): Row[] {
    const limit = this.#limits.get(parent) ?? page;
    if (rows.length <= limit) return [...rows];
    const more: Row = {
      id: `${parent}/more`,
      label: `Show more`,
      description: `${rows.length - limit} of ${rows.length} not shown`,
      icon: "ellipsis",
      context: "more",
    };
    return [...rows.slice(0, limit), more];
  }

  /** Starts the collections that this view is about, once for each connection. */
  async #follow(connection: Connection): Promise<void> {
    const collections = this.#view.follows.map((name) => connection[name]);
    if (this.#followed?.connection !== connection) {
      this.#unfollow();
      const listening = new Disposables();
      for (const collection of collections) listening.add(collection.onChange(() => this.#show()));
      this.#followed = { connection, listening };
    }
    await Promise.all(collections.map((collection) => collection.start()));
    this.#count(connection);
  }

  #unfollow(): void {
    this.#followed?.listening.dispose();
    this.#followed = undefined;
  }

  /** Computes nothing itself: VS Code asks for what it shows. A hidden view waits until it is looked at. */
  #show(): void {
    const { connection } = this.#cluster;
    this.#stale = !this.#treeView.visible;
    if (connection !== undefined) this.#count(connection);
    else this.#treeView.badge = undefined;
    if (!this.#stale) this.#refresh.fire(undefined);
  }

  #count(connection: Connection): void {
    const badge = this.#view.badge?.(connection);
    this.#treeView.badge = badge !== undefined && badge.value > 0 ? badge : undefined;
  }
}
