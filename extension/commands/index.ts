import * as vscode from "vscode";
import { showFailure } from "../support/errors.ts";
import { addNode } from "./add-node.ts";
import { apply } from "./apply.ts";
import { clusterCommands } from "./cluster-commands.ts";
import type { Command, Parts } from "./command.ts";
import { copyKubeconfig } from "./copy-kubeconfig.ts";
import { cordon, uncordon } from "./cordon.ts";
import { deleteManifest } from "./delete-manifest.ts";
import { deleteObject } from "./delete-object.ts";
import { describe } from "./describe.ts";
import { diff } from "./diff.ts";
import { logs } from "./logs.ts";
import { openLog } from "./open-log.ts";
import { reset } from "./reset.ts";
import { scale } from "./scale.ts";
import { showMore } from "./show-more.ts";
import { start } from "./start.ts";
import { stop } from "./stop.ts";

const commands: readonly Command[] = [
  start,
  stop,
  reset,
  addNode,
  copyKubeconfig,
  openLog,
  clusterCommands,
  describe,
  deleteObject,
  logs,
  scale,
  cordon,
  uncordon,
  showMore,
  apply,
  diff,
  deleteManifest,
];

/** Registers every command; what one throws, people are told. */
export const registerCommands = (parts: Parts): vscode.Disposable =>
  vscode.Disposable.from(
    ...commands.map(({ id, failure, run }) =>
      vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          return await run(parts, ...args);
        } catch (error) {
          void showFailure(failure, error, parts.log);
          return undefined;
        }
      }),
    ),
  );
