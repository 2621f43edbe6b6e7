import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { addToKubeconfig } from "../../../sandbox/cli/kubeconfig-file.ts";
import { startCluster, type Cluster } from "../../../sandbox/cluster/cluster.ts";
import type { ClusterOptions } from "../../../sandbox/cluster/options.ts";

/** What a run of kubectl came to. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether the real kubectl is on PATH; says so when it is not. */
export const hasKubectl = (): boolean => {
  const found = (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, "kubectl"), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) process.stderr.write("kubectl is not on PATH: its tests are skipped\n");
  return found;
};

/** A cluster with a socket, and the real kubectl on it. */
export class KubectlSession implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly #folder: string;

  private constructor(cluster: Cluster, folder: string) {
    this.cluster = cluster;
    this.#folder = folder;
  }

  static async start(options: ClusterOptions = {}): Promise<KubectlSession> {
    const folder = await mkdtemp(join(tmpdir(), "drydock-kubectl-"));
    const cluster = await startCluster({ live: true, seed: 1, kubernetesVersion: "1.32", listen: { port: 0 }, ...options });
    const { ca, admin } = cluster.controlPlane.pki;
    await addToKubeconfig(join(folder, "kubeconfig"), "test", {
      server: cluster.url ?? "",
      certificateAuthority: ca.certificate,
      clientCertificate: admin.certificate,
      clientKey: admin.key,
    });
    return new KubectlSession(cluster, folder);
  }

  /** Runs kubectl; a run that fails is an outcome too. */
  run(...words: readonly string[]): Promise<Outcome> {
    return this.#run(words, undefined);
  }

  /** Runs kubectl with text on its standard input: `pipe(manifest, "apply", "-f", "-")`. */
  pipe(input: string, ...words: readonly string[]): Promise<Outcome> {
    return this.#run(words, input);
  }

  /** Runs kubectl, which must succeed; answers what it printed. */
  async ask(...words: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...words);
    if (code !== 0) throw new Error(`kubectl ${words.join(" ")} ended with ${String(code)}: ${stderr}`);
    return stdout;
  }

  /** Writes a file that kubectl can be given. */
  async file(name: string, content: string): Promise<string> {
    const path = join(this.#folder, name);
    await writeFile(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #run(words: readonly string[], input: string | undefined): Promise<Outcome> {
    return new Promise((resolve) => {
      const env = { ...process.env, KUBECONFIG: join(this.#folder, "kubeconfig"), HOME: this.#folder };
      const child = execFile("kubectl", [...words], { env, timeout: 30_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr }),
      );
      child.stdin?.end(input ?? "");
    });
  }
}
