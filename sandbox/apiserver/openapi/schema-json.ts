import type { Descriptions } from "../../api/pack/version-pack.ts";
import type { ObjectSchema, ScalarSchema, Schema } from "../../apimachinery/schema/schema.ts";
import { metaSchema, referenceTo, type Json, type OpenApiVersion } from "./documents.ts";

/** Scalars that are schemas of their own. */
const namedScalars: Readonly<Partial<Record<ScalarSchema["type"], string>>> = {
  "quantity": "io.k8s.apimachinery.pkg.api.resource.Quantity",
  "int-or-string": "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  "time": metaSchema("Time"),
  "micro-time": metaSchema("MicroTime"),
};

/** Writes the schemas of a release as OpenAPI does; `seen` is told every schema that is referred to. */
export class SchemaWriter {
  readonly #version: OpenApiVersion;
  readonly #descriptions: Descriptions;
  readonly #seen: (schemaName: string) => void;

  constructor(version: OpenApiVersion, descriptions: Descriptions, seen: (schemaName: string) => void) {
    this.#version = version;
    this.#descriptions = descriptions;
    this.#seen = seen;
  }

  /** A struct with its fields, as it stands among the definitions. */
  component(schema: ObjectSchema, kinds: readonly Json[]): Json {
    const name = schema.name ?? "";
    const properties = [...schema.fields]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([field, value]) => [field, this.#property(value, this.#descriptions.of(name, field))]);
    return {
      ...withText(this.#descriptions.of(name)),
      type: "object",
      ...(schema.required.size > 0 && { required: [...schema.required].toSorted() }),
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) as Json }),
      ...(kinds.length > 0 && { "x-kubernetes-group-version-kind": kinds }),
      ...(schema.atomic && { "x-kubernetes-map-type": "atomic" }),
    };
  }

  #property(schema: Schema, description: string): Json {
    const byDefault = this.#version === 3 ? this.#defaultOf(schema) : {};
    return this.#besideReference(
      { ...withText(withEnum(description, schema)), ...byDefault, ...extensionsOf(schema) },
      this.#shape(schema),
    );
  }

  /** OpenAPI 3 lets nothing stand beside a reference: it goes into an `allOf`. */
  #besideReference(facts: Json, shape: Json): Json {
    if (shape["$ref"] === undefined || this.#version === 2 || Object.keys(facts).length === 0) return { ...facts, ...shape };
    return { ...facts, allOf: [shape] };
  }

  #shape(schema: Schema): Json {
    switch (schema.kind) {
      case "object":
        return this.#reference(schema.name ?? "");
      case "list":
        return { type: "array", items: this.#item(schema.items) };
      case "map":
        return { type: "object", additionalProperties: this.#item(schema.values) };
      case "any":
        return this.#reference(schema.name ?? "");
      case "scalar": {
        const named = namedScalars[schema.type];
        return named === undefined ? scalarShape(schema) : this.#reference(named);
      }
    }
  }

  #item(schema: Schema): Json {
    const shape = this.#shape(schema);
    const byDefault = this.#version === 3 ? zeroOf(schema) : undefined;
    return this.#besideReference(byDefault === undefined ? {} : { default: byDefault }, shape);
  }

  #reference(schemaName: string): Json {
    this.#seen(schemaName);
    return { $ref: referenceTo(schemaName, this.#version) };
  }

  #defaultOf(schema: Schema): Json {
    if (schema.default !== undefined) return { default: schema.default };
    const { go } = schema;
    if (go === undefined || go.pointer || (schema.kind === "scalar" && go.omitEmpty)) return {};
    if (schema.kind !== "object" && schema.kind !== "scalar") return {};
    const zero = zeroOf(schema);
    return zero === undefined ? {} : { default: zero };
  }
}

/** The default that upstream's generator derives from Go's zero value. */
const zeroOf = (schema: Schema): unknown => {
  if (schema.kind === "object") return {};
  if (schema.kind !== "scalar") return undefined;
  if (schema.type === "string") return "";
  if (schema.type === "boolean") return false;
  return schema.type === "integer" || schema.type === "number" ? 0 : undefined;
};

const scalarShape = (schema: ScalarSchema): Json => ({
  type: schema.type === "bytes" || schema.type === "duration" ? "string" : schema.type,
  ...(schema.format !== undefined && { format: schema.format }),
  ...(schema.enum !== undefined && { enum: schema.enum }),
});

const withText = (description: string): Json => (description === "" ? {} : { description });

/** Upstream's generator lists the values below the text. */
const withEnum = (description: string, schema: Schema): string => {
  const scalar = schema.kind === "list" ? schema.items : schema;
  if (scalar.kind !== "scalar" || scalar.enum === undefined) return description;
  return `${description}\n\nPossible enum values:\n${scalar.enum.map((value) => ` - \`${JSON.stringify(value)}\``).join("\n")}`.trimStart();
};

const extensionsOf = (schema: Schema): Json => {
  if (schema.kind === "list") {
    return {
      ...(schema.mapKeys && { "x-kubernetes-list-map-keys": schema.mapKeys }),
      "x-kubernetes-list-type": schema.listType,
      ...(schema.patchMergeKey && { "x-kubernetes-patch-merge-key": schema.patchMergeKey }),
      ...(schema.patchStrategy && { "x-kubernetes-patch-strategy": schema.patchStrategy }),
    };
  }
  if (schema.kind === "object") return schema.retainKeys ? { "x-kubernetes-patch-strategy": "retainKeys" } : {};
  return schema.kind === "map" && schema.atomic ? { "x-kubernetes-map-type": "atomic" } : {};
};
