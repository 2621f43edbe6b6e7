import * as vscode from "vscode";
import type { Disposable } from "../../support/signal.ts";
import type { Cluster } from "../cluster.ts";

/** Tells of a crash once, with what can be done. */
export const noticeCrashes = (cluster: Cluster): Disposable => {
  let told: unknown;
  return cluster.onChange(() => {
    const { state } = cluster;
    if (state.kind !== "crashed" || told === state) return;
    told = state;
    const [why = "", ...words] = state.reason.split("\n");
    const because = words.findLast((line) => line.trim() !== "") ?? why;
    const text = state.restarting ? "The Drydock cluster crashed and is being restarted" : "The Drydock cluster crashed";
    void vscode.window
      .showWarningMessage(`${text}: ${because}`, "Open Log", ...(state.restarting ? [] : ["Start Again"]))
      .then((chosen) => {
        if (chosen === "Open Log") return vscode.commands.executeCommand("drydock.openLog");
        return chosen === undefined ? undefined : vscode.commands.executeCommand("drydock.start");
      });
  });
};
