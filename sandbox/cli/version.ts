import { packVersions } from "../api/pack/load-pack.ts";
import manifest from "../../package.json" with { type: "json" };
import { outputOption, wantsJson, type Verb } from "./verb.ts";

/** `drydock version`: its own, and the releases of Kubernetes it serves. */
export const version: Verb = {
  name: "version",
  help: "print versions",
  options: outputOption,
  run(given, console) {
    const versions = { drydock: manifest.version, kubernetes: packVersions, node: process.version };
    console.print(
      wantsJson(given)
        ? JSON.stringify(versions)
        : `drydock ${versions.drydock}, Kubernetes ${packVersions.join(" and ")}, Node ${versions.node}`,
    );
    return Promise.resolve(0);
  },
};
