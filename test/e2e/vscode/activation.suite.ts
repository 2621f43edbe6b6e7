import assert from "node:assert/strict";
import * as vscode from "vscode";

const extension = () => vscode.extensions.getExtension("drydock.drydock")!;

describe("activation", () => {
  it("costs the window less than 50 ms", async () => {
    const started = performance.now();
    await extension().activate();
    const took = performance.now() - started;
    console.log(`      activated in ${took.toFixed(1)} ms`);
    assert.ok(took < 50, `${took} ms`);
  });

  it("registers every command that package.json names", async () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });

  it("starts nothing by itself", () => {
    assert.equal(vscode.window.terminals.length, 0);
  });
});
