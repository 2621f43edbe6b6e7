import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onPath } from "../../support/machine.ts";

/** The etcd of this machine, if it has one. */
export const etcdBinary = onPath("etcd") ?? (existsSync("/usr/bin/etcd") ? "/usr/bin/etcd" : undefined);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
};

/** One etcd on loopback, with a folder of its own under the temporary one; it may be stopped and started again. */
export class EtcdServer {
  readonly url: string;
  readonly #folder: string;
  readonly #peer: string;
  #process: ReturnType<typeof spawn> | undefined;

  private constructor(folder: string, client: number, peer: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${client}`;
    this.#peer = `http://127.0.0.1:${peer}`;
  }

  static async start(): Promise<EtcdServer> {
    const server = new EtcdServer(await mkdtemp(join(tmpdir(), "drydock-etcd-")), await freePort(), await freePort());
    server.run();
    return server;
  }

  run(): void {
    const args = ["--name=a", `--data-dir=${this.#folder}`, `--listen-client-urls=${this.url}`, `--advertise-client-urls=${this.url}`];
    const peers = [`--listen-peer-urls=${this.#peer}`, `--initial-advertise-peer-urls=${this.#peer}`, `--initial-cluster=a=${this.#peer}`];
    this.#process = spawn(etcdBinary ?? "etcd", [...args, ...peers], { stdio: "ignore" });
  }

  /** Kills it: what it has acknowledged is on its disk. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running) return;
    const ended = once(running, "exit");
    running.kill("SIGKILL");
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
