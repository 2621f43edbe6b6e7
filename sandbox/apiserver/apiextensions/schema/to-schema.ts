import type { AnySchema, ObjectSchema, Schema } from "../../../apimachinery/schema/schema.ts";
import { additionalOf, isMap, itemsOf, type JsonSchema } from "./json-schema.ts";

const string: Schema = { kind: "scalar", type: "string" };
const deduced: AnySchema = { kind: "any", granular: true };

/** Types that carry formats keep them as plain strings: custom resources are checked, not converted. */
const scalars: Readonly<Record<string, Schema>> = {
  string,
  boolean: { kind: "scalar", type: "boolean" },
  integer: { kind: "scalar", type: "integer", format: "int64" },
  number: { kind: "scalar", type: "number" },
};

/** Metadata of custom and embedded objects: ObjectMeta, as built-in kinds have it. */
export type MetadataSchema = Schema;

/**
 * The common schema of a custom resource's version: what pruning, patches, field ownership and strict decoding read. `x-kubernetes-preserve-unknown-fields`
 * holds for everything below it as far as ownership goes (schemaconv).
 */
export const toSchema = (schema: JsonSchema | undefined, objectMeta: MetadataSchema): ObjectSchema => {
  const metadata = unstructured(objectMeta);
  const root = schema ? converted(schema, metadata, false) : deduced;
  const known = root.kind === "object" ? root : undefined;
  const fields = new Map(known?.fields);
  fields.set("apiVersion", string).set("kind", string).set("metadata", metadata);
  const preserveUnknown = known?.preserveUnknown ?? root.kind === "any";
  return { kind: "object", fields, required: known?.required ?? new Set(), ...(preserveUnknown && { preserveUnknown }) };
};

/** A built-in schema as custom objects use it: there is no Go struct behind it that would show empty fields. */
const unstructured = (schema: Schema): Schema => {
  const { go: _go, ...bare } = schema;
  switch (bare.kind) {
    case "object": {
      const { name: _name, ...object } = bare;
      return { ...object, fields: new Map([...bare.fields].map(([name, field]) => [name, unstructured(field)])) };
    }
    case "list":
      return { ...bare, items: unstructured(bare.items) };
    case "map":
      return { ...bare, values: unstructured(bare.values) };
    default:
      return bare;
  }
};

const converted = (schema: JsonSchema, metadata: MetadataSchema, inherited: boolean): Schema => {
  const facts = { ...(schema.default !== undefined && { default: schema.default }), ...(schema.nullable && { nullable: true }) };
  const preserves = inherited || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["x-kubernetes-int-or-string"]) return { kind: "scalar", type: "int-or-string", ...facts };
  switch (schema.type) {
    case "object":
      return { ...objectOf(schema, metadata, preserves), ...facts };
    case "array":
      return { ...listOf(schema, metadata, preserves), ...facts };
    case undefined:
    case "":
      return schema.properties ? { ...objectOf(schema, metadata, true), ...facts } : { ...deduced, ...facts };
    default:
      return { ...(scalars[schema.type] ?? string), ...facts, ...(schema.format !== undefined && { format: schema.format }) };
  }
};

const objectOf = (schema: JsonSchema, metadata: MetadataSchema, preserves: boolean): Schema => {
  const atomic = schema["x-kubernetes-map-type"] === "atomic";
  const additional = additionalOf(schema);
  if (additional && !schema.properties)
    return { kind: "map", values: converted(additional, metadata, preserves), ...(atomic && { atomic }) };
  const fields = new Map(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, converted(field, metadata, preserves)]));
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  if (embedded) fields.set("apiVersion", string).set("kind", string).set("metadata", metadata);
  const preserveUnknown = preserves || schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  return {
    kind: "object",
    fields,
    required: new Set(schema.required),
    ...(atomic && { atomic }),
    ...(embedded && { embedded }),
    ...(preserveUnknown && { preserveUnknown }),
  };
};

const listOf = (schema: JsonSchema, metadata: MetadataSchema, preserves: boolean): Schema => {
  const items = itemsOf(schema);
  const listType = schema["x-kubernetes-list-type"];
  const mapKeys = schema["x-kubernetes-list-map-keys"];
  return {
    kind: "list",
    items: isMap(items) ? converted(items, metadata, preserves) : deduced,
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    ...(mapKeys && { mapKeys }),
  };
};
