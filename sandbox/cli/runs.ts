import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostTimeout } from "../base/clock/host.ts";
import { drydockHome } from "./home.ts";
import { Failure, type Arguments } from "./verb.ts";

/** A sandbox that runs on this machine, as `drydock up` writes it down. */
export interface Run {
  readonly pid: number;
  readonly url: string;
  readonly kubeconfig: string;
  /** Absent when everything is in memory. */
  readonly dataDir?: string;
  readonly kubernetesVersion: string;
  readonly nodes: number;
}

const runsDir = (): string => join(drydockHome(), "run");
const fileOf = (pid: number): string => join(runsDir(), `${String(pid)}.json`);

/** Makes a sandbox known to the other verbs; answers how to take it back. */
export const announce = async (run: Run): Promise<() => Promise<void>> => {
  await mkdir(runsDir(), { recursive: true, mode: 0o700 });
  await writeFile(fileOf(run.pid), JSON.stringify(run), { mode: 0o600 });
  return () => rm(fileOf(run.pid), { force: true });
};

/** Every sandbox that runs. What processes left behind that are gone is swept away. */
export const runningSandboxes = async (): Promise<readonly Run[]> => {
  const files = await readdir(runsDir()).catch(() => []);
  const runs: Run[] = [];
  for (const file of files) {
    const run = await read(join(runsDir(), file));
    if (run && isAlive(run.pid)) runs.push(run);
    else await rm(join(runsDir(), file), { force: true });
  }
  return runs;
};

const read = async (path: string): Promise<Run | undefined> => {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Run;
  } catch {
    return undefined;
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const patienceMs = 15_000;
const pauseMs = 50;

/** Ends a sandbox cleanly, and waits until it has gone. Throws Failure when it does not go. */
export const endRun = async ({ pid }: Run): Promise<void> => {
  process.kill(pid, "SIGTERM");
  for (let waited = 0; isAlive(pid); waited += pauseMs) {
    if (waited > patienceMs) throw new Failure(`the sandbox (process ${String(pid)}) does not end`);
    await new Promise<void>((resolve) => hostTimeout(pauseMs, resolve));
  }
};

/** The sandbox that is meant: the one of `--data-dir` or `--kubeconfig`, or the only one there is. Throws Failure. */
export const chosenRun = async (given: Arguments): Promise<Run> => {
  const dataDir = given.text("data-dir");
  const kubeconfig = given.text("kubeconfig");
  const runs = (await runningSandboxes()).filter(
    (run) => (dataDir === undefined || run.dataDir === dataDir) && (kubeconfig === undefined || run.kubeconfig === kubeconfig),
  );
  const [run, another] = runs;
  if (!run) throw new Failure("no sandbox is running");
  if (another) throw new Failure(`${String(runs.length)} sandboxes are running: say which with --kubeconfig FILE or --data-dir DIR`);
  return run;
};

/** The options by which `chosenRun` finds a sandbox. */
export const choosing = {
  "kubeconfig": { value: "FILE", help: "The sandbox whose kubeconfig this is." },
  "data-dir": { value: "DIR", help: "The sandbox whose data is kept there." },
} as const;
