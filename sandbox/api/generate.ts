/**
 * Makes sandbox/api/generated from the model data in the npm packages and the tables in facts/: `npm run generate`.
 * What it makes is not under version control.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readModels } from "./generate/package-reader.ts";
import { newestRelease, releases } from "./generate/releases.ts";
import { resourceFacts, type ResourceFact } from "./generate/resource-facts.ts";
import { rootKinds } from "./generate/roots.ts";
import { reachableFrom, type NamedModel } from "./generate/schema-names.ts";
import { typeNames } from "./generate/type-names.ts";
import { resourcesSource } from "./generate/write-resources.ts";
import { typesSource } from "./generate/write-types.ts";

const packages = join(import.meta.dirname, "../../node_modules");
const generated = join(import.meta.dirname, "generated");

const write = (file: string, text: string): void => writeFileSync(join(generated, file), text);

/** Types and resources of all releases; the newest says what a type looks like, older ones add what is gone since. */
const writeTypes = (): void => {
  const models = new Map<string, NamedModel>();
  const kinds = new Set<string>();
  const resources = new Map<string, ResourceFact>();
  for (const release of [newestRelease, ...releases.toReversed()]) {
    const roots = rootKinds(release.version);
    for (const root of roots) kinds.add(root.schemaName);
    for (const model of reachableFrom(
      roots.map(({ schemaName }) => schemaName),
      readModels(join(packages, release.package)),
    ).values())
      if (!models.has(model.schemaName)) models.set(model.schemaName, model);
    for (const fact of resourceFacts(release.version)) resources.set(`${fact.group}/${fact.version}/${fact.resource}`, fact);
  }
  const names = typeNames([...models.keys()].map((schemaName) => ({ schemaName, isKind: kinds.has(schemaName) })));
  write("types.ts", typesSource([...models.values()], names, kinds));
  write("resources.ts", resourcesSource([...resources.values()], names));
};

mkdirSync(generated, { recursive: true });
writeTypes();
