import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readFacts } from "../facts/read-facts.ts";
import type { NamedModel } from "./schema-names.ts";

/** Texts of a schema and of its fields. */
export type Texts = readonly [string, Readonly<Record<string, string>>];

/**
 * OpenAPI's texts for a release. The models' package has lost the line breaks, and every text of a field that refers to another schema: breaks are
 * put back at the positions in `description-breaks.tsv`, the other texts come from the package kubernetes-types.
 */
export const textsOf = (release: string, models: Iterable<NamedModel>, typesPackage: string): Readonly<Record<string, Texts>> => {
  const others = readTypesPackage(typesPackage);
  const breaks = new Map(
    readFacts<"schema" | "field" | "releases" | "positions">("description-breaks.tsv")
      .filter((row) => row.releases.split(",").includes(release))
      .map((row) => [`${row.schema}#${row.field}`, row.positions.split(",").map(Number)]),
  );
  const withBreaks = (text: string, schema: string, field: string): string =>
    (breaks.get(`${schema}#${field}`) ?? []).reduce((broken, at) => `${broken.slice(0, at)}\n${broken.slice(at + 1)}`, text);
  const texts: Record<string, Texts> = {};
  for (const { schemaName, description, fields } of models) {
    const other = others.get(schemaName);
    const own = fields.map((field) => {
      const text = isText(field.description)
        ? withBreaks(field.description, schemaName, field.name)
        : (other?.get(field.name) ?? usualText(field.name, schemaName));
      return [field.name, text] as const;
    });
    texts[schemaName] = [withBreaks(description, schemaName, ""), Object.fromEntries(own.filter(([, text]) => text !== ""))];
  }
  return texts;
};

/** What upstream says of these fields nearly everywhere, for those that no package has a text of. */
const usualText = (field: string, schemaName: string): string => {
  if (field === "status")
    return `Most recently observed status of the ${schemaName.split(".").at(-1) ?? "object"}. Populated by the system. Read-only. More info: ${conventions}#spec-and-status`;
  if (field === "spec")
    return `Specification of the desired behavior of the ${schemaName.split(".").at(-1) ?? "object"}. More info: ${conventions}#spec-and-status`;
  if (field !== "metadata") return "";
  return schemaName.endsWith("List")
    ? `Standard list metadata. More info: ${conventions}#types-kinds`
    : `Standard object's metadata. More info: ${conventions}#metadata`;
};

const conventions = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

/** For a reference the package gives the text of what is referred to, or none. */
const isText = (description: string): boolean =>
  description !== "" &&
  !/^(?:MicroTime is version of Time|IntOrString is a type that can hold|JSONSchemaPropsOr\w+ represents|Time is a wrapper around)/.test(
    description,
  );

const packages: Readonly<Record<string, string>> = {
  apiextensions: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
  meta: "io.k8s.apimachinery.pkg.apis.meta",
};

/** Schema name → field → text, of every version folder of kubernetes-types. */
const readTypesPackage = (directory: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const texts = new Map<string, ReadonlyMap<string, string>>();
  for (const group of readdirSync(directory, { withFileTypes: true })) {
    if (!group.isDirectory()) continue;
    for (const file of readdirSync(join(directory, group.name))) {
      if (!/^v\d+\.d\.ts$/.test(file)) continue;
      const prefix = `${packages[group.name] ?? `io.k8s.api.${group.name}`}.${file.slice(0, -".d.ts".length)}`;
      for (const [name, fields] of interfacesIn(readFileSync(join(directory, group.name, file), "utf8")))
        texts.set(`${prefix}.${name}`, fields);
    }
  }
  return texts;
};

const interfacesIn = (source: string): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const found = new Map<string, Map<string, string>>();
  let fields = new Map<string, string>();
  let comment = "";
  for (const match of source.matchAll(/^export interface (\w+)|\/\*\*([\s\S]*?)\*\/|^ {4}"?([\w$-]+)"?\??:/gm)) {
    const [, name, text, field] = match;
    if (name !== undefined) found.set(name, (fields = new Map<string, string>()));
    else if (text !== undefined) comment = withoutStars(text);
    else if (field !== undefined) {
      if (comment !== "") fields.set(field, comment);
    }
    if (text === undefined) comment = "";
  }
  return found;
};

const withoutStars = (comment: string): string =>
  comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
