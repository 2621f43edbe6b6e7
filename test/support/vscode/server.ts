import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fetchCodeServer } from "./code-server.ts";

/** A VS Code workbench served on loopback, with a user folder of its own. */
export interface Workbench extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** Its user data, extensions and log; removed when it ends. */
  readonly folder: string;
}

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of packaged extensions that are to be found installed. */
  readonly extensions?: string;
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Where user data stays between runs; absent: a new folder, removed at the end. */
  readonly folder?: string;
}

/** Nothing that asks, greets, phones home or moves on its own. */
const quietly = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "workbench.enableExperiments": false,
  "git.openRepositoryInParentFolders": "never",
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });

/** Starts code-server and waits until it answers. */
export const startWorkbench = async (options: WorkbenchOptions = {}): Promise<Workbench> => {
  const entry = await fetchCodeServer();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "drydock-code-")));
  const user = join(folder, "user");
  // The browser reads the user's settings, the extension host the machine's.
  for (const whose of ["User", "Machine"]) {
    await mkdir(join(user, whose), { recursive: true });
    await writeFile(join(user, whose, "settings.json"), JSON.stringify({ ...quietly, ...options.settings }, null, 2));
  }
  await writeFile(join(folder, "config.yaml"), "auth: none\ncert: false\n");
  const port = options.port || (await freePort());
  const flags = ["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust", "--disable-getting-started-override"];
  const places = [
    "--config",
    join(folder, "config.yaml"),
    "--user-data-dir",
    user,
    "--extensions-dir",
    options.extensions ?? join(folder, "extensions"),
  ];
  const child = spawn(process.execPath, [entry, "--bind-addr", `127.0.0.1:${port}`, "--auth", "none", ...flags, ...places], {
    env: { ...process.env, ...options.env, EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}' },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = join(folder, "server.log");
  const written = createWriteStream(log);
  child.stdout.pipe(written);
  child.stderr.pipe(written);
  const origin = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${origin}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let attempt = 0; !(await answers()); attempt++) {
    if (attempt > 600 || child.exitCode !== null) throw new Error(`code-server did not start, see ${log}`);
    await sleep(50);
  }
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended already.
    }
  };
  return {
    origin,
    port,
    folder,
    async [Symbol.asyncDispose]() {
      const ended =
        child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once("exit", resolve));
      signal("SIGTERM");
      await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
      signal("SIGKILL");
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
