import type { Protocol, SimulatedAnswer, SimulatedRequest } from "../../../../../network/network.ts";
import { encode, Killed, type PortHandler } from "../../process.ts";
import { fail, type Context } from "../command.ts";

export const text = (body: string, code = 200, contentType = "text/plain; charset=utf-8"): SimulatedAnswer => ({ code, contentType, body });

/** The path and the query of a request. */
export const parsed = ({ path }: SimulatedRequest): { readonly path: string; readonly query: URLSearchParams } => {
  const question = path.indexOf("?");
  return question < 0
    ? { path, query: new URLSearchParams() }
    : { path: path.slice(0, question), query: new URLSearchParams(path.slice(question + 1)) };
};

/** A line of Go's log package. */
export const logLine = ({ stdio, process }: Context, message: string): void => {
  const time = new Date(process.clock.now()).toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
  stdio.err(encode(`${time} ${message}\n`));
};

export interface Door {
  readonly port: number;
  readonly protocol?: Protocol;
  readonly handle: PortHandler;
}

/**
 * Serves until the process is told to stop. A Go program without a handler for SIGTERM ends with 2 as PID 1; `exit` ends it from within.
 */
export const serve = async (
  context: Context,
  doors: readonly Door[],
  { stopCode = 2, exit }: { readonly stopCode?: number; readonly exit?: Promise<number> } = {},
): Promise<number> => {
  const { process } = context;
  const { network, killed } = process;
  const closes: (() => void)[] = [];
  const end = (code: number): number => {
    for (const close of closes) close();
    return code;
  };
  for (const { port, protocol = "TCP", handle } of doors) {
    const close = network.listen(port, protocol, handle);
    if (!close) return end(fail(context, `listen ${protocol.toLowerCase()} :${port}: bind: address already in use`));
    closes.push(close);
  }
  const stopped = new Promise<number>((resolve, reject) => {
    closes.push(
      process.onSignal((signal) => {
        if (signal === "TERM" || signal === "INT") resolve(stopCode);
      }),
    );
    killed.addEventListener("abort", () => reject(new Killed()), { once: true });
  });
  try {
    return end(await Promise.race([stopped, ...(exit ? [exit] : [])]));
  } catch (error) {
    end(137);
    throw error;
  }
};
