import * as vscode from "vscode";
import { deleteObject } from "../cluster/apply/apply.ts";
import { titleOf } from "../language/manifest-text.ts";
import type { Command } from "./command.ts";
import { targetsOf } from "./manifest-target.ts";
import { runManifests } from "./run-manifests.ts";

/** Deletes what a manifest names, in the order of the file. Asks first, unless a third argument says `true`. */
export const deleteManifest: Command = {
  id: "drydock.deleteManifest",
  failure: "The objects could not be deleted",
  async run(parts, ...args) {
    const targets = await targetsOf(args);
    const objects = targets.flatMap((target) => target.objects);
    const [first] = objects;
    const what = objects.length === 1 && first !== undefined ? titleOf(first.object) : `${objects.length} objects`;
    const sure =
      args[2] === true ||
      objects.length === 0 ||
      (await vscode.window.showWarningMessage(`Delete ${what} from the cluster?`, { modal: true }, "Delete")) === "Delete";
    return sure ? runManifests(parts, "Deleting", targets, deleteObject) : [];
  },
};
