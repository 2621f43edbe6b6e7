import type { InlineMessage } from "../../apimachinery/schema/schema.ts";
import { readFacts } from "../facts/read-facts.ts";
import type { PackedField, PackedSchema } from "../pack/format.ts";
import { goNameOf } from "../pack/go-names.ts";
import { isSince } from "./releases.ts";

type Column = "schema" | "field" | "type" | "omit" | "number" | "since";
type Row = Readonly<Record<Column, string>>;

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";
const corePackage = "io.k8s.api.core.v1";
const extensionsPackage = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Go's types that are neither structs nor named strings. */
const wellKnown: Readonly<Record<string, string>> = {
  "string": "string",
  "bool": "boolean",
  "int32": "int32",
  "int64": "int64",
  "float64": "double",
  "[]uint8": "bytes",
  "resource.Quantity": "quantity",
  "intstr.IntOrString": "int-or-string",
  "v1.Time": "time",
  "v1.MicroTime": "micro-time",
  "runtime.RawExtension": "any:io.k8s.apimachinery.pkg.runtime.RawExtension",
  "v1.FieldsV1": `any:${metaPackage}.FieldsV1`,
  "v1.JSON": `any:${extensionsPackage}.JSON`,
  "v1.JSONSchemaPropsOrBool": `any:${extensionsPackage}.JSONSchemaPropsOrBool`,
  "v1.JSONSchemaPropsOrArray": `any:${extensionsPackage}.JSONSchemaPropsOrArray`,
  "v1.JSONSchemaPropsOrStringArray": `any:${extensionsPackage}.JSONSchemaPropsOrStringArray`,
};

/** Named maps and lists. */
const aliases: Readonly<Record<string, string>> = {
  "v1.ResourceList": "map[v1.ResourceName]resource.Quantity",
  "v1.ExtraValue": "[]string",
  "v1.Verbs": "[]string",
  "v1.ValidationRules": "[]v1.ValidationRule",
  "v1.JSONSchemaDependencies": "map[string]v1.JSONSchemaPropsOrStringArray",
  "v1.JSONSchemaDefinitions": "map[string]v1.JSONSchemaProps",
};

/** The structs of a release: field by field, as upstream's Go types have them. */
export const goSchemas = (release: string): ReadonlyMap<string, PackedSchema> => {
  const rows = readFacts<Column>("go-fields.tsv").filter(({ since }) => isSince(since, release));
  const structs: ReadonlyMap<string, readonly Row[]> = Map.groupBy(rows, ({ schema }) => schema);
  const known = new Set([...structs.keys(), `${extensionsPackage}.CustomResourceSubresourceStatus`]);
  const schemas = new Map<string, PackedSchema>();
  for (const name of known) schemas.set(name, structOf(name, structs, known));
  return schemas;
};

const structOf = (schema: string, structs: ReadonlyMap<string, readonly Row[]>, known: ReadonlySet<string>): PackedSchema => {
  const fields: Record<string, PackedField> = {};
  const inline: InlineMessage[] = [];
  for (const row of structs.get(schema) ?? []) {
    if (row.field !== "=") {
      fields[row.field] = fieldOf(row, known);
      continue;
    }
    if (row.type === "v1.TypeMeta") {
      Object.assign(fields, typeMeta);
      continue;
    }
    const message = structNamed(row.type, schema, known)!;
    const inner = structOf(message, structs, known);
    Object.assign(fields, inner.fields);
    inline.push({ number: Number(row.number), message, fields: Object.keys(inner.fields), ...(inner.inline && { inline: inner.inline }) });
  }
  return { fields, ...(inline.length > 0 && { inline }) };
};

const typeMeta: Readonly<Record<string, PackedField>> = { kind: { type: "string" }, apiVersion: { type: "string" } };

/** `omitzero`: left out when zero, as a pointer is. */
const fieldOf = (row: Row, known: ReadonlySet<string>): PackedField => {
  const pointer = row.type.startsWith("*");
  const goType = pointer ? row.type.slice(1) : row.type;
  const type = typeOf(goType, row.schema, known);
  return {
    type,
    ...(goType !== goNameOf(type) && { go: goType }),
    ...((pointer || row.omit === "omitzero") && { pointer: 1 }),
    ...(row.omit === "" && { always: 1 }),
    ...(row.number !== "" && { number: Number(row.number) }),
  };
};

const typeOf = (goType: string, schema: string, known: ReadonlySet<string>): string => {
  const struct = structNamed(goType, schema, known);
  if (struct !== undefined) return `$${struct}`;
  const plain = wellKnown[goType];
  if (plain !== undefined) return plain;
  const named = aliases[goType];
  if (named !== undefined) return typeOf(named, schema, known);
  if (goType.startsWith("[]")) return `[]${typeOf(goType.slice(2).replace(/^\*/, ""), schema, known)}`;
  const map = /^map\[[\w.]+\](.*)$/.exec(goType);
  if (map !== null) return `{}${typeOf(map[1]!, schema, known)}`;
  return "string";
};

/** `v1.PodSpec` seen in a struct of apps/v1: looked for in its own package, then where shared types live. */
const structNamed = (goType: string, schema: string, known: ReadonlySet<string>): string | undefined => {
  const name = /^v\d\w*\.(\w+)$/.exec(goType)?.[1];
  if (name === undefined) return undefined;
  const own = schema.split(".").slice(0, -1).join(".");
  return [own, corePackage, metaPackage].map((from) => `${from}.${name}`).find((candidate) => known.has(candidate));
};
