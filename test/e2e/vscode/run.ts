/** Runs the mocha suites inside VS Code through @vscode/test-electron: desktop VS Code where `code` is on PATH, else code-server behind the same arguments. */
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { fetchCodeServer } from "../../support/vscode/code-server.ts";
import { root } from "../../support/steps.ts";

const folder = mkdtempSync(join(tmpdir(), "drydock-suites-"));
const workspace = join(folder, "workspace");
cpSync(join(root, "test/demo/workspace"), workspace, { recursive: true });
rmSync(join(workspace, ".vscode"), { recursive: true });
await fetchCodeServer();
try {
  await runTests({
    vscodeExecutablePath: join(root, "test/support/vscode/code-shim.ts"),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, "dist/tests/vscode/index.cjs"),
    extensionTestsEnv: { DRYDOCK_TALLY: process.env["DRYDOCK_TALLY"] },
    launchArgs: [workspace],
  });
} catch {
  // The suites have written which of them failed.
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
