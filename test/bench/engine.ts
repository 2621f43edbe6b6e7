import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../support/steps.ts";

/** A running engine, asked over HTTPS as any client would. */
export interface Engine {
  readonly url: string;
  /** From the start of the process to its `ready` line, in milliseconds. */
  readonly startedIn: number;
  /** Sends a request over one of so many kept connections; answers the body. */
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<Buffer>;
  /** Opens a stream of newline-separated JSON; `line` is called for each. Answers how to end it. */
  stream(path: string, line: (text: string) => void): Promise<() => void>;
  /** Resident memory in MiB. */
  memory(): number;
  stop(): Promise<void>;
}

/** Starts the built engine, durable in a folder of its own, and waits until it is ready. */
export const startEngine = async (...options: readonly string[]): Promise<Engine> => {
  const folder = mkdtempSync(join(tmpdir(), "drydock-bench-"));
  const began = performance.now();
  const child = spawn(
    process.execPath,
    [
      join(root, "dist/sandbox.js"),
      "up",
      "--port",
      "0",
      "--data-dir",
      join(folder, "data"),
      "--write-credentials",
      folder,
      "--kubeconfig",
      join(folder, "kubeconfig"),
      ...options,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const url = await ready(child);
  const startedIn = performance.now() - began;
  const [ca, cert, key] = ["ca.crt", "admin.crt", "admin.key"].map((name) => readFileSync(join(folder, name)));
  const agent = new Agent({ keepAlive: true, maxSockets: 64, ca, cert, key });
  const open = (method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) => {
    const asked = request(url + path, { method, agent, headers });
    asked.end(body);
    return asked;
  };
  return {
    url,
    startedIn,
    call: (method, path, body, contentType = "application/json") =>
      new Promise((resolve, reject) => {
        const asked = open(
          method,
          path,
          body === undefined ? {} : { "content-type": contentType },
          body === undefined ? undefined : JSON.stringify(body),
        );
        asked.once("error", reject);
        asked.once("response", (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("end", () => {
            const text = Buffer.concat(chunks);
            if ((answer.statusCode ?? 500) < 300) resolve(text);
            else reject(new Error(`${method} ${path}: ${String(answer.statusCode)} ${text.toString("utf8").slice(0, 300)}`));
          });
        });
      }),
    stream: (path, line) =>
      new Promise((resolve, reject) => {
        const asked = open("GET", path, {});
        asked.once("error", reject);
        asked.once("response", (answer) => {
          let rest = "";
          answer.on("data", (chunk: Buffer) => {
            const lines = (rest + chunk.toString("utf8")).split("\n");
            rest = lines.pop() ?? "";
            for (const each of lines) line(each);
          });
          resolve(() => asked.destroy());
        });
      }),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(child.pid)}/status`, "utf8"))?.[1] ?? 0) / 1024,
    stop: async () => {
      agent.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const ready = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      const found = /^ready (https:\S+)/m.exec(text);
      if (found) resolve(found[1]!);
    });
    child.once("exit", (code) => reject(new Error(`the engine ended with ${String(code)} before it was ready`)));
  });

/** Does `work` for 0 … count-1 over so many connections at once; answers the milliseconds it took. */
export const concurrently = async (connections: number, count: number, work: (index: number) => Promise<unknown>): Promise<number> => {
  let next = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) await work(next++);
    }),
  );
  return performance.now() - began;
};
