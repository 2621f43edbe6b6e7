import * as vscode from "vscode";
import { Disposables } from "../../support/disposables.ts";
import type { Cluster } from "../cluster.ts";
import type { Connection } from "../connection.ts";
import { statusText } from "./status-text.ts";

/** The cluster's life at the window's lower edge. */
export class StatusBar implements vscode.Disposable {
  readonly #cluster: Cluster;
  readonly #held = new Disposables();
  readonly #item: vscode.StatusBarItem;
  #followed: Connection | undefined;
  #version: string | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#item = this.#held.add(vscode.window.createStatusBarItem("drydock.status", vscode.StatusBarAlignment.Left, 10));
    this.#item.name = "Drydock Cluster";
    this.#held.add(cluster.onChange(() => this.#update()));
    this.#update();
    this.#item.show();
  }

  dispose(): void {
    this.#held.dispose();
  }

  #update(): void {
    const { state, connection } = this.#cluster;
    if (connection !== this.#followed) this.#follow(connection);
    const nodes = connection?.nodes;
    const shown = statusText(state, { version: this.#version, nodes: this.#version === undefined ? undefined : nodes?.size });
    this.#item.text = shown.text;
    this.#item.tooltip = shown.tooltip;
    this.#item.command = shown.command;
    this.#item.backgroundColor = shown.alarm ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
  }

  #follow(connection: Connection | undefined): void {
    this.#followed = connection;
    this.#version = undefined;
    if (connection === undefined) return;
    connection.nodes.onChange(() => this.#update());
    const asked = connection.client.call<{ readonly gitVersion: string }>({ path: "/version" });
    Promise.all([asked, connection.nodes.start()]).then(
      ([{ gitVersion }]) => {
        if (this.#followed !== connection) return;
        this.#version = gitVersion;
        this.#update();
      },
      () => undefined,
    );
  }
}
