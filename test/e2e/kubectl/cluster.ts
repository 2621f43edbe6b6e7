import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../../support/steps.ts";

/** What a command said and how it ended. */
export interface Said {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** A built engine in a process of its own, with kubectl pointed at it. */
export interface Cluster extends AsyncDisposable {
  readonly kubeconfig: string;
  /** Runs kubectl with these arguments; `input` is its standard input. */
  kubectl(args: readonly string[], input?: string): Promise<Said>;
  /** The same, and the command must succeed; answers what it printed. */
  ok(...args: readonly string[]): Promise<string>;
}

/** Starts `drydock up` in a folder of its own; `--kubernetes-version` and the like can be given. */
export const startCluster = async (...args: readonly string[]): Promise<Cluster> => {
  const folder = mkdtempSync(join(tmpdir(), "drydock-kubectl-"));
  const kubeconfig = join(folder, "kubeconfig");
  const env = { ...process.env, DRYDOCK_HOME: join(folder, "home"), KUBECONFIG: kubeconfig, HOME: folder };
  const engine = spawn(
    process.execPath,
    [join(root, "dist/sandbox.js"), "up", "--port", "0", "--data-dir", join(folder, "data"), "--kubeconfig", kubeconfig, ...args],
    {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: engine.stdout }).once("line", () => resolve());
    engine.once("exit", (code) => reject(new Error(`the engine ended with code ${code ?? "unknown"}`)));
  });
  const kubectl = (words: readonly string[], input?: string): Promise<Said> =>
    new Promise((resolve) => {
      const child = execFile("kubectl", [...words], { env, timeout: 50_000, maxBuffer: 1 << 26 }, (error, out, err) =>
        resolve({ out, err, code: error === null ? 0 : typeof error.code === "number" ? error.code : 1 }),
      );
      child.stdin?.end(input);
    });
  return {
    kubeconfig,
    kubectl,
    async ok(...words) {
      const { out, err, code } = await kubectl(words);
      if (code !== 0) throw new Error(`kubectl ${words.join(" ")}: ${err}`);
      return out;
    },
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => engine.once("exit", resolve));
      engine.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
