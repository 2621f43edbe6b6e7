/**
 * `npm start`: builds, and opens VS Code with the extension and the demo workspace: the desktop's where `code` is on PATH, else code-server in a
 * browser. `npm start -- --headless` runs the engine alone, without an editor; what follows is handed to `drydock up`.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { onPath } from "../support/machine.ts";
import { root, runStep } from "../support/steps.ts";
import { openDesktop } from "./desktop.ts";
import { serveWorkbench } from "./workbench.ts";

const args = process.argv.slice(2);
const build = await runStep({ name: "build", command: "npm", args: ["run", "--silent", "build"], aloud: true });
if (!build.ok) process.exit(1);

const engine = join(root, "dist/sandbox.js");
if (args.includes("--headless")) {
  const rest = args.filter((arg) => arg !== "--headless");
  const child = spawn(process.execPath, [engine, "up", ...rest], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once("exit", (code) => resolve(code ?? 1)));
} else {
  // The demo lies outside of the project's files: what people try in it does not show up in git.
  const home = join(root, ".cache/demo");
  const folder = join(home, "workspace");
  if (args.includes("--fresh")) rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  if (!existsSync(folder)) cpSync(join(root, "test/demo/workspace"), folder, { recursive: true });
  const demo = { folder, home, kubeconfig: join(home, "kubeconfig"), data: join(home, "data") };
  const code = onPath("code");
  const isDesktop = code !== undefined && spawnSync(code, ["--version"]).status === 0;
  await (isDesktop ? openDesktop(code, demo) : serveWorkbench(engine, demo));
}
