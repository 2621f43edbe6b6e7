import type { SimulatedNetwork } from "../../network/simulated/simulated-network.ts";
import { RuntimeError, type Streams, type StreamingService } from "../cri.ts";
import { InputQueue } from "./input-queue.ts";
import type { SimulatedRuntime } from "./simulated-runtime.ts";

const pour = async (source: AsyncIterable<Uint8Array> | undefined, into: InputQueue): Promise<void> => {
  for await (const chunk of source ?? []) into.write(chunk);
  into.end();
};

const outputOf = (streams: Streams) => {
  const out = (chunk: Uint8Array): void => streams.stdout?.(chunk);
  return { out, err: streams.tty ? out : (chunk: Uint8Array): void => streams.stderr?.(chunk) };
};

/** Exec, attach and port-forward of simulated containers: the streams themselves, within the process. */
export const simulatedStreaming = (runtime: SimulatedRuntime, network: SimulatedNetwork): StreamingService => ({
  kind: "local",

  async exec(id, command, streams) {
    const { process } = runtime.running(id);
    const input = new InputQueue();
    if (streams.stdin) void pour(streams.stdin, input).catch(() => input.end());
    else input.end();
    return process.exec(command, { read: () => input.read(streams.signal), ...outputOf(streams), tty: streams.tty }, streams.signal);
  },

  async attach(id, streams) {
    const container = runtime.running(id);
    const { out, err } = outputOf(streams);
    const detach = container.log.attach((stream, chunk) => (stream === "stdout" ? out(chunk) : err(chunk)));
    const gone = new Promise<void>((resolve) => streams.signal.addEventListener("abort", () => resolve(), { once: true }));
    const fed = (async () => {
      for await (const chunk of streams.stdin ?? []) container.process.stdin.write(chunk);
      if (container.config.stdinOnce) container.process.stdin.end();
    })().catch(() => undefined);
    await Promise.race([container.ended, gone]);
    void fed;
    detach();
  },

  portForward(podSandboxId, port, input, signal) {
    const sandbox = runtime.sandboxes.get(podSandboxId);
    if (!sandbox) return Promise.reject(new RuntimeError("NotFound", `sandbox ${podSandboxId} not found`));
    const address = sandbox.status.ips[0] ?? "127.0.0.1";
    return Promise.resolve(httpOver(input, signal, (method, path, headers) => network.request(address, port, { method, path, headers })));
  },
});

/** Speaks HTTP/1.1 over a byte stream, one request after another: what a port-forward to a simulated server carries. */
async function* httpOver(
  input: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  answer: (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
  ) => Promise<{ readonly code: number; readonly contentType: string; readonly body: string } | undefined>,
): AsyncIterable<Uint8Array> {
  let pending = Buffer.alloc(0);
  for await (const chunk of input) {
    if (signal.aborted) return;
    pending = Buffer.concat([pending, chunk]);
    if (pending.byteLength > 1024 * 1024) return;
    for (let end = pending.indexOf("\r\n\r\n"); end >= 0; end = pending.indexOf("\r\n\r\n")) {
      const [first = "", ...lines] = pending.subarray(0, end).toString("latin1").split("\r\n");
      const headers = Object.fromEntries(
        lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
      );
      const length = Math.min(Number(headers["content-length"] ?? 0) || 0, 1024 * 1024);
      if (pending.byteLength < end + 4 + length) break;
      pending = pending.subarray(end + 4 + length);
      const [method = "GET", path = "/"] = first.split(" ");
      const found = await answer(method, path, headers);
      if (!found) throw new RuntimeError("Unavailable", "connect: connection refused");
      const body = method === "HEAD" ? "" : found.body;
      yield Buffer.from(
        `HTTP/1.1 ${found.code} ${found.code < 400 ? "OK" : "Error"}\r\nContent-Type: ${found.contentType}\r\nContent-Length: ${Buffer.byteLength(found.body)}\r\nConnection: keep-alive\r\n\r\n${body}`,
      );
    }
  }
}
