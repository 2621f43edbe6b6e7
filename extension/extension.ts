import * as vscode from "vscode";
import { Cluster } from "./cluster/cluster.ts";
import { noticeCrashes } from "./cluster/status/notices.ts";
import { StatusBar } from "./cluster/status/status-bar.ts";
import { registerCommands } from "./commands/index.ts";
import { DescribeDocuments } from "./documents/describe/describe-documents.ts";
import { DiffDocuments } from "./documents/diff/diff-documents.ts";
import { startForManifests } from "./language/auto-start.ts";
import { ManifestDiagnostics } from "./language/diagnostics/manifest-diagnostics.ts";
import { manifestFiles, manifestLenses } from "./language/lenses/manifest-lenses.ts";
import { Results } from "./language/results/results.ts";
import { engineOptions } from "./settings/engine-options.ts";
import { keepTerminalsPointed } from "./terminals/environment.ts";
import { configurationView } from "./views/configuration/configuration.ts";
import { rowDecorations } from "./views/decorations.ts";
import { eventsView } from "./views/events/events.ts";
import { nodesView } from "./views/nodes/nodes.ts";
import { RowTree } from "./views/row-tree.ts";
import { servicesView } from "./views/services/services.ts";
import { workloadsView } from "./views/workloads/workloads.ts";

const views = [nodesView, workloadsView, servicesView, configurationView, eventsView];

let running: Cluster | undefined;

/** Makes the parts and introduces them to each other. Nothing starts here. */
export const activate = (context: vscode.ExtensionContext): void => {
  const log = vscode.window.createOutputChannel("Drydock", { log: true });
  const cluster = new Cluster(engineOptions(context, log));
  const results = new Results();
  const diffs = new DiffDocuments();
  running = cluster;
  context.subscriptions.push(
    log,
    cluster,
    results,
    diffs,
    new StatusBar(cluster),
    noticeCrashes(cluster),
    registerCommands({ cluster, log, results, diffs }),
    ...views.map((view) => new RowTree(view, cluster)),
    vscode.window.registerFileDecorationProvider(rowDecorations),
    new DescribeDocuments(cluster),
    vscode.languages.registerCodeLensProvider(manifestFiles, manifestLenses),
    new ManifestDiagnostics(),
    keepTerminalsPointed(context.environmentVariableCollection, cluster),
    startForManifests(cluster),
    cluster.onChange(() => void vscode.commands.executeCommand("setContext", "drydock.state", cluster.state.kind)),
  );
};

/** The window closes: the cluster ends with it, cleanly. */
export const deactivate = async (): Promise<void> => running?.stop();
