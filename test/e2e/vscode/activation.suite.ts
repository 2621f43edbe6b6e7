import assert from "node:assert/strict";
import { availableParallelism, loadavg } from "node:os";
import * as vscode from "vscode";

const extension = () => vscode.extensions.getExtension("drydock.drydock")!;

interface Mark {
  readonly name: string;
  readonly startTime: number;
}

/** VS Code's own marks of its start: where `Developer: Startup Performance` takes its figures from. */
const marks = (): readonly Mark[] =>
  (globalThis as { MonacoPerformanceMarks?: { getMarks: () => readonly Mark[] } }).MonacoPerformanceMarks?.getMarks() ?? [];

/** When VS Code set this mark for our extension, in milliseconds. */
const markOf = (name: string): number => {
  const mark = marks().find((each) => each.name === `code/extHost/${name}/drydock.drydock`);
  assert.ok(
    mark,
    `VS Code has set no mark ${name}: ${marks()
      .map((each) => each.name)
      .join(" ")}`,
  );
  return mark.startTime;
};

describe("activation", () => {
  it("costs the window less than 50 ms, loading included", async () => {
    await extension().activate();
    const loading = markOf("didLoadExtensionCode") - markOf("willLoadExtensionCode");
    const activating = markOf("didActivateExtension") - markOf("willActivateExtension");
    const took = loading + activating;
    console.log(`      loaded in ${loading} ms, activated in ${activating} ms`);
    // On a machine whose cores are shared, time is too.
    const shared = Math.max(1, (2 * loadavg()[0]!) / availableParallelism());
    assert.ok(took < 50 * shared, `${took} ms`);
  });

  it("registers every command that package.json names", async () => {
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributes.commands.map(({ command }) => command).filter((command) => !registered.has(command)),
      [],
    );
  });
});
