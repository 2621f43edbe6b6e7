import { spawnSync } from "node:child_process";
import { findChromium } from "./vscode/browser.ts";

/** Something a round needs of the machine that npm does not bring. */
export interface Need {
  readonly name: string;
  readonly present: boolean;
  readonly fix: string;
}

/** The program's file on PATH, or undefined. */
export const onPath = (program: string): string | undefined => {
  const found = spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : undefined;
};

export const chromium = (): Need => ({
  name: "Chromium",
  present: findChromium() !== undefined,
  fix: "apt-get install -y --no-install-recommends chromium, or set CHROMIUM to the browser's file",
});

export const kubectl = (): Need => ({
  name: "kubectl",
  present: onPath("kubectl") !== undefined,
  fix: "install kubectl (https://kubernetes.io/docs/tasks/tools), for instance apt-get install -y kubernetes-client",
});
