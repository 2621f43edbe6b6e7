import { choosing, chosenRun, endRun } from "./runs.ts";
import { outputOption, wantsJson, type Verb } from "./verb.ts";

/** `drydock down`: ends a running sandbox, and waits until it has gone. */
export const down: Verb = {
  name: "down",
  help: "end the running sandbox",
  options: { ...choosing, ...outputOption },
  async run(given, console) {
    const run = await chosenRun(given);
    await endRun(run);
    console.print(wantsJson(given) ? JSON.stringify({ ended: run }) : `ended ${run.url}`);
    return 0;
  },
};
