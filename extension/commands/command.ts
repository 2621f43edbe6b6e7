import type * as vscode from "vscode";
import type { Cluster } from "../cluster/cluster.ts";
import type { DiffDocuments } from "../documents/diff/diff-documents.ts";
import type { Results } from "../language/results/results.ts";
import type { Row } from "../views/row.ts";

/** What commands work with. */
export interface Parts {
  readonly cluster: Cluster;
  readonly log: vscode.LogOutputChannel;
  readonly results: Results;
  readonly diffs: DiffDocuments;
}

/** One command: its id in package.json, what a failure is headed with, and what it does. What it answers, `executeCommand` answers. */
export interface Command {
  readonly id: string;
  /** `The cluster could not be started` */
  readonly failure: string;
  readonly run: (parts: Parts, ...args: readonly unknown[]) => unknown;
}

/** The rows a command of a view is about: the one that was clicked, or all that are selected. */
export const rowsOf = ([clicked, selected]: readonly unknown[]): readonly Row[] =>
  Array.isArray(selected) ? (selected as readonly Row[]) : clicked === undefined ? [] : [clicked as Row];
