import { fork } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { installExtension } from "../support/vscode/installed-extension.ts";
import { startWorkbench } from "../support/vscode/server.ts";
import { announce, demoSettings, firstFile, type Demo } from "./demo.ts";

/**
 * Serves VS Code for a browser. The cluster is there before anybody opens the page; the window that is opened takes it over, with what is in it.
 * Ends with Ctrl+C.
 */
export const serveWorkbench = async (engine: string, demo: Demo): Promise<void> => {
  const ended = new Promise<void>((resolve) => ["SIGINT", "SIGTERM"].forEach((signal) => process.once(signal, () => resolve())));
  const args = [
    "up",
    "--replace",
    "--nodes",
    "3",
    "--port",
    "0",
    "--data-dir",
    join(demo.data, "cluster"),
    "--kubeconfig",
    demo.kubeconfig,
  ];
  const cluster = fork(engine, args, { execArgv: [], stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: cluster.stdout! }).once("line", () => resolve());
    cluster.once("exit", (code) => reject(new Error(`the cluster did not start (exit code ${code ?? "unknown"})`)));
  });
  const extensions = installExtension(join(demo.home, "extensions"));
  await using workbench = await startWorkbench({ settings: demoSettings(demo), folder: join(demo.home, "code-server"), extensions });
  await ready;
  announce(demo);
  const open = JSON.stringify([["openFile", `vscode-remote://127.0.0.1:${workbench.port}${join(demo.folder, firstFile)}`]]);
  console.log(`VS Code: ${workbench.origin}/?folder=${encodeURIComponent(demo.folder)}&payload=${encodeURIComponent(open)}`);
  console.log("Ctrl+C ends both.");
  await ended;
  cluster.kill("SIGTERM");
};
