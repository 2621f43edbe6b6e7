import { hostTimeout } from "../base/clock/host.ts";
import { choosing, chosenRun, isAlive } from "./runs.ts";
import { Failure, outputOption, wantsJson, type Verb } from "./verb.ts";

const patienceMs = 15_000;
const pauseMs = 50;

/** `drydock down`: ends a running sandbox, and waits until it has gone. */
export const down: Verb = {
  name: "down",
  help: "end the running sandbox",
  options: { ...choosing, ...outputOption },
  async run(given, console) {
    const run = await chosenRun(given);
    process.kill(run.pid, "SIGTERM");
    for (let waited = 0; isAlive(run.pid); waited += pauseMs) {
      if (waited > patienceMs) throw new Failure(`the sandbox (process ${String(run.pid)}) does not end`);
      await new Promise<void>((resolve) => hostTimeout(pauseMs, resolve));
    }
    console.print(wantsJson(given) ? JSON.stringify({ ended: run }) : `ended ${run.url}`);
    return 0;
  },
};
