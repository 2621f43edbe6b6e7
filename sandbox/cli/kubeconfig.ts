import { readFile } from "node:fs/promises";
import { choosing, chosenRun } from "./runs.ts";
import { Failure, outputOption, wantsJson, type Verb } from "./verb.ts";

/** `drydock kubeconfig`: the kubeconfig of the running sandbox, on standard output. */
export const kubeconfig: Verb = {
  name: "kubeconfig",
  help: "print the running sandbox's kubeconfig",
  options: { ...choosing, ...outputOption },
  async run(given, console) {
    const run = await chosenRun(given);
    const text = await readFile(run.kubeconfig, "utf8").catch((error: unknown) => {
      throw new Failure(`${run.kubeconfig} cannot be read: ${(error as Error).message}`);
    });
    console.print(wantsJson(given) ? JSON.stringify({ file: run.kubeconfig, content: text }) : text.trimEnd());
    return 0;
  },
};
