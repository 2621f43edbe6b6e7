import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import * as vscode from "vscode";
import { until } from "./wait.ts";

/** The engine's process ids, found by the kubeconfig on their command line. */
const enginesOf = (kubeconfig: string): readonly number[] =>
  execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("sandbox.js up") && line.includes(kubeconfig))
    .map((line) => Number.parseInt(line, 10));

describe("the cluster's life", () => {
  let kubeconfig = "";

  it("starts when asked to, and says where its kubeconfig is", async () => {
    kubeconfig = await vscode.commands.executeCommand<string>("drydock.start");
    assert.ok(existsSync(kubeconfig), kubeconfig);
    assert.equal(enginesOf(kubeconfig).length, 1);
  });

  it("runs in a process of its own, not in the extension host", () => {
    assert.notEqual(enginesOf(kubeconfig)[0], process.pid);
  });

  it("points kubectl in new terminals at itself", async () => {
    const terminal = vscode.window.createTerminal({ name: "probe", shellPath: "/bin/sh" });
    const file = `${kubeconfig}.probe`;
    terminal.sendText(`echo "$KUBECONFIG" > "${file}"`);
    const seen = await until("the terminal's environment", () => existsSync(file) && readFileSync(file, "utf8").trim());
    terminal.dispose();
    assert.equal(seen, kubeconfig);
  });

  it("is started again after a crash", async () => {
    const [pid] = enginesOf(kubeconfig);
    process.kill(pid!, "SIGKILL");
    await until("another process", () => enginesOf(kubeconfig).some((each) => each !== pid));
    await vscode.commands.executeCommand("drydock.start");
  });

  it("adds a node when asked to", async () => {
    await vscode.commands.executeCommand("drydock.addNode");
  });

  it("stops when asked to, and leaves no process behind", async () => {
    await vscode.commands.executeCommand("drydock.stop");
    await until("the process to end", () => enginesOf(kubeconfig).length === 0);
  });
});
