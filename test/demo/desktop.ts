import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/steps.ts";
import { announce, clusterReady, demoSettings, firstFile, type Demo } from "./demo.ts";

/** Opens the desktop's VS Code with a user folder of the demo's own. Ends when its window is closed. */
export const openDesktop = async (code: string, demo: Demo): Promise<void> => {
  const user = join(demo.home, "desktop");
  mkdirSync(join(user, "User"), { recursive: true });
  writeFileSync(join(user, "User/settings.json"), JSON.stringify(demoSettings(demo), null, 2));
  rmSync(demo.kubeconfig, { force: true });
  const args = [
    "--new-window",
    "--wait",
    "--user-data-dir",
    user,
    `--extensionDevelopmentPath=${root}`,
    demo.folder,
    join(demo.folder, firstFile),
  ];
  const child = spawn(code, args, { stdio: "inherit" });
  const closed = new Promise((resolve) => child.once("exit", resolve));
  await Promise.race([clusterReady(demo).then(() => announce(demo)), closed]);
  await closed;
};
