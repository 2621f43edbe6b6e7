import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hostNow } from "../base/clock/host.ts";
import { checkManifest, type Finding } from "../manifest.ts";
import { kubernetesVersionOf, kubernetesVersionOption } from "./kubernetes-version.ts";
import { Failure, outputOption, UsageError, wantsJson, type Verb } from "./verb.ts";

/** `drydock check`: what the editor and the API server would say of manifests. Exit code 1 when something would be refused. */
export const check: Verb = {
  name: "check",
  help: "say what the API server would refuse of manifests",
  words: "FILE…",
  options: {
    ...kubernetesVersionOption,
    offline: { help: "Ask no cluster. None is asked so far: kinds of CRDs are not objected to." },
    ...outputOption,
  },
  async run(given, console) {
    if (given.words.length === 0) throw new UsageError("check takes files or folders");
    const version = kubernetesVersionOf(given);
    const files = (await Promise.all(given.words.map(filesOf))).flat();
    const found: (Finding & { readonly file: string })[] = [];
    for (const file of files) {
      const text = await readFile(file, "utf8").catch((error: unknown) => {
        throw new Failure(`${file} cannot be read: ${(error as Error).message}`);
      });
      found.push(...checkManifest(text, { version, now: hostNow() }).map((finding) => ({ file, ...finding })));
    }
    if (wantsJson(given)) console.print(JSON.stringify(found));
    else for (const finding of found) console.print(lineOf(finding));
    return found.some(({ severity }) => severity === "error") ? 1 : 0;
  },
};

/** As compilers print it: `web.yaml:12:5: error: spec.replicas: …`, counted from 1. */
const lineOf = ({ file, range: { start }, severity, message }: Finding & { readonly file: string }): string =>
  `${file}:${start.line + 1}:${start.character + 1}: ${severity}: ${message}`;

/** A file as it is; of a folder, the manifests in it in the order of their names; hidden ones are not meant. */
const filesOf = async (path: string): Promise<readonly string[]> => {
  const facts = await stat(path).catch(() => undefined);
  if (!facts) throw new Failure(`there is no ${path}`);
  if (!facts.isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((name) => /\.(ya?ml|json)$/.test(name) && !/(^|\/)(\.|node_modules\/)/.test(name))
    .sort()
    .map((name) => join(path, name));
};
