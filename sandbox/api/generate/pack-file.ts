import { createHash } from "node:crypto";
import { readFacts } from "../facts/read-facts.ts";
import type { PackedField, PackedResource, PackedSchema, PackFile } from "../pack/format.ts";
import { goSchemas } from "./go-fields.ts";
import { isSince } from "./releases.ts";
import { resourceFacts } from "./resource-facts.ts";
import { rootKinds } from "./roots.ts";
import type { NamedModel } from "./schema-names.ts";

type SchemaTable = Map<string, PackedSchema>;

/** Everything the engine knows of a release: fields from the table of Go's structs, what is required from the models, and the other tables joined in. */
export const packFile = (release: string, models: ReadonlyMap<string, NamedModel>): PackFile => {
  const schemas: SchemaTable = new Map(goSchemas(release));
  for (const model of models.values()) {
    const required = model.fields.filter((field) => field.required).map(({ name }) => name);
    if (required.length > 0) change(schemas, model.schemaName, (schema) => ({ ...schema, required }));
  }
  joinListSemantics(schemas);
  for (const { schema, field, values, since } of readFacts<"schema" | "field" | "values" | "since">("enums.tsv"))
    if (isSince(since, release))
      changeField(schemas, schema, field.replace(/\[\]$|\{\}$/, ""), { enum: JSON.parse(`[${values}]`) as string[] });
  for (const { schema, field, default: value, since } of readFacts<"schema" | "field" | "default" | "since">("defaults.tsv"))
    if (isSince(since, release)) changeField(schemas, schema, field, { default: JSON.parse(value) as unknown });
  return {
    version: release,
    schemas: Object.fromEntries(schemas),
    resources: packedResources(release),
    kinds: packedKinds(release),
    registered: registeredKinds(release),
  };
};

const change = (schemas: SchemaTable, name: string, by: (schema: PackedSchema) => PackedSchema): void => {
  const schema = schemas.get(name);
  if (schema !== undefined) schemas.set(name, by(schema));
};

const changeField = (schemas: SchemaTable, name: string, field: string, facts: Partial<PackedField>): void =>
  change(schemas, name, (schema) => {
    const known = schema.fields[field];
    return known === undefined ? schema : { ...schema, fields: { ...schema.fields, [field]: { ...known, ...facts } } };
  });

type ListColumn = "schema" | "field" | "listType" | "mapKeys" | "patchStrategy" | "patchMergeKey" | "mapType";

const joinListSemantics = (schemas: SchemaTable): void => {
  for (const row of readFacts<ListColumn>("list-semantics.tsv")) {
    if (row.field === "") {
      if (row.mapType === "atomic") change(schemas, row.schema, (schema) => ({ ...schema, atomic: true }));
      continue;
    }
    changeField(schemas, row.schema, row.field, {
      ...(row.listType !== "" && row.listType !== "atomic" && { listType: row.listType as "set" | "map" }),
      ...(row.mapKeys !== "" && { mapKeys: row.mapKeys.split(",") }),
      ...(row.patchStrategy !== "" && { patchStrategy: row.patchStrategy }),
      ...(row.patchMergeKey !== "" && { patchMergeKey: row.patchMergeKey }),
      ...(row.mapType === "atomic" && { atomic: 1 }),
      ...(row.mapType === "granular" && { atomic: 0 }),
    });
  }
};

const packedResources = (release: string): readonly PackedResource[] => {
  const selectors = new Map(
    readFacts<"group" | "version" | "resource" | "fields">("field-selectors.tsv").map((row) => [
      `${row.group}/${row.version}/${row.resource}`,
      row.fields.split(","),
    ]),
  );
  return resourceFacts(release).map(({ storageVersion, ...fact }) => ({
    ...fact,
    ...(fact.verbs.includes("watch") && { storageVersionHash: storageVersionHash(storageVersion, fact.kind) }),
    fieldSelectors:
      selectors.get(`${fact.group}/${fact.version}/${fact.resource}`) ??
      (fact.namespaced ? ["metadata.name", "metadata.namespace"] : ["metadata.name"]),
  }));
};

/** Upstream's `StorageVersionHash`: what clients compare to learn that the stored version has changed. */
const storageVersionHash = (storageVersion: string, kind: string): string =>
  createHash("sha256")
    .update(`${storageVersion.includes("/") ? storageVersion : `/${storageVersion}`}/${kind}`)
    .digest()
    .subarray(0, 8)
    .toString("base64");

const packedKinds = (release: string): PackFile["kinds"] => {
  const kinds: Record<string, Record<string, string>> = {};
  for (const { group, version, kind, schemaName } of rootKinds(release))
    (kinds[group === "" ? version : `${group}/${version}`] ??= {})[kind] = schemaName;
  return kinds;
};

const registeredKinds = (release: string): PackFile["registered"] => {
  const registered: Record<string, string[]> = {};
  for (const row of readFacts<"group" | "version" | "kinds" | "since" | "until">("registered-kinds.tsv"))
    if (isSince(row.since, release) && (row.until === "" || !isSince(row.until, release)))
      (registered[row.group === "" ? row.version : `${row.group}/${row.version}`] ??= []).push(...row.kinds.split(","));
  return registered;
};
