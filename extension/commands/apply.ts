import * as vscode from "vscode";
import { hasReason } from "../../sandbox/index.ts";
import { applyObject } from "../cluster/apply/apply.ts";
import type { Command } from "./command.ts";
import { targetsOf } from "./manifest-target.ts";
import { runManifests } from "./run-manifests.ts";

/** Server-side apply of one object, a file, or a folder. When other managers own some of the fields, asks whether to take them over. */
export const apply: Command = {
  id: "drydock.apply",
  failure: "The manifest could not be applied",
  async run(parts, ...args) {
    const targets = await targetsOf(args);
    let force: boolean | undefined;
    return runManifests(parts, "Applying", targets, async (connection, object) => {
      try {
        return await applyObject(connection, object, { force: force === true });
      } catch (error) {
        if (!hasReason(error, "Conflict") || force === false) throw error;
        force =
          (await vscode.window.showWarningMessage(
            (error as Error).message,
            { modal: true, detail: "Take over the fields that others manage?" },
            "Take Over",
          )) === "Take Over";
        if (!force) throw error;
        return applyObject(connection, object, { force });
      }
    });
  },
};
