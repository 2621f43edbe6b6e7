/**
 * Makes sandbox/api/generated from the model data in the npm packages and the tables in facts/: `npm run generate`.
 * What it makes is not under version control.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { textsOf } from "./generate/descriptions.ts";
import { readModels } from "./generate/package-reader.ts";
import { packFile } from "./generate/pack-file.ts";
import { newestRelease, releases } from "./generate/releases.ts";
import { resourceFacts, type ResourceFact } from "./generate/resource-facts.ts";
import { rootKinds } from "./generate/roots.ts";
import { reachableFrom, type NamedModel } from "./generate/schema-names.ts";
import { typeNames } from "./generate/type-names.ts";
import { resourcesSource } from "./generate/write-resources.ts";
import { descriptionsSource } from "./generate/write-descriptions.ts";
import { typesSource } from "./generate/write-types.ts";

const packages = join(import.meta.dirname, "../../node_modules");
const generated = join(import.meta.dirname, "generated");

/** The models that the API of a release reaches, by class name. */
const reached = new Map(
  releases.map((release) => {
    const roots = rootKinds(release.version).map(({ schemaName }) => schemaName);
    return [release.version, reachableFrom(roots, readModels(join(packages, release.package)))] as const;
  }),
);

/** Whole or not at all: others may be reading. */
const write = (file: string, text: string): void => {
  const draft = join(generated, `.${file}.${String(process.pid)}`);
  writeFileSync(draft, text);
  renameSync(draft, join(generated, file));
};

/** Types and resources of all releases; the newest says what a type looks like, older ones add what is gone since. */
const writeTypes = (): void => {
  const models = new Map<string, NamedModel>();
  const kinds = new Set<string>();
  const resources = new Map<string, ResourceFact>();
  for (const release of [newestRelease, ...releases.toReversed()]) {
    for (const root of rootKinds(release.version)) kinds.add(root.schemaName);
    for (const model of reached.get(release.version)!.values()) if (!models.has(model.schemaName)) models.set(model.schemaName, model);
    for (const fact of resourceFacts(release.version)) resources.set(`${fact.group}/${fact.version}/${fact.resource}`, fact);
  }
  const names = typeNames([...models.keys()].map((schemaName) => ({ schemaName, isKind: kinds.has(schemaName) })));
  write("types.ts", typesSource([...models.values()], names, kinds));
  write("resources.ts", resourcesSource([...resources.values()], names));
};

/** A pack is a string in a module: a bundler takes it along, and nothing is parsed until the version is asked for. */
const writePacks = (): void => {
  for (const { version } of releases)
    write(`pack-${version}.ts`, `export default ${JSON.stringify(JSON.stringify(packFile(version, reached.get(version)!)))};\n`);
  const imports = releases.map(({ version }, index) => `import pack${String(index)} from "./pack-${version}.ts";\n`);
  const entries = releases.map(({ version }, index) => `  "${version}": pack${String(index)},\n`);
  write(
    "packs.ts",
    `${imports.join("")}\n/** The packs as JSON text, by version. */\nexport const packs = {\n${entries.join("")}} as const;\n`,
  );
};

/** Texts of schemas and fields, a module for each release that is loaded on demand. */
const writeDescriptions = (): void => {
  for (const { version } of releases) {
    const texts = textsOf(version, reached.get(version)!.values(), join(packages, "kubernetes-types"));
    write(`descriptions-${version}.ts`, `export default ${JSON.stringify(JSON.stringify(texts))};\n`);
  }
  write("descriptions.ts", descriptionsSource(releases.map(({ version }) => version)));
};

mkdirSync(generated, { recursive: true });
writeTypes();
writePacks();
writeDescriptions();
