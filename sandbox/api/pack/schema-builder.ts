import type { AnySchema, GoField, ObjectSchema, ScalarSchema, Schema } from "../../apimachinery/schema/schema.ts";
import type { PackedField, PackedSchema } from "./format.ts";
import { goNameOf } from "./go-names.ts";

const extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Makes schemas out of a pack's rows, each when it is first asked for. Schemas may refer to themselves. */
export class SchemaBuilder {
  readonly #packed: Readonly<Record<string, PackedSchema>>;
  readonly #built = new Map<string, ObjectSchema>();

  constructor(packed: Readonly<Record<string, PackedSchema>>) {
    this.#packed = packed;
  }

  named(name: string): ObjectSchema | undefined {
    const known = this.#built.get(name);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#packed, name)) return undefined;
    const { fields: rows, required = [], atomic, inline } = this.#packed[name]!;
    const fields = new Map<string, Schema>();
    const schema: ObjectSchema = {
      kind: "object",
      name,
      fields,
      required: new Set(required),
      ...(atomic && { atomic }),
      ...(inline && { inline }),
    };
    this.#built.set(name, schema);
    for (const [field, row] of Object.entries(rows)) fields.set(field, this.#field(row));
    return schema;
  }

  #field(row: PackedField): Schema {
    const go: GoField = {
      type: row.go ?? goNameOf(row.type),
      pointer: row.pointer === 1,
      omitEmpty: row.always !== 1,
      ...(row.number !== undefined && { number: row.number }),
    };
    const schema = this.#typed(row.type, row);
    const facts = { go, ...(row.default !== undefined && { default: row.default }) };
    if (schema.kind === "object")
      return {
        ...schema,
        ...facts,
        ...(row.atomic !== undefined && { atomic: row.atomic === 1 }),
        ...(row.patchStrategy === "retainKeys" && { retainKeys: true }),
      };
    if (schema.kind === "map") return { ...schema, ...facts, ...(row.atomic === 1 && { atomic: true }) };
    if (schema.kind !== "list") return { ...schema, ...facts };
    return {
      ...schema,
      ...facts,
      listType: row.listType ?? "atomic",
      ...(row.mapKeys && { mapKeys: row.mapKeys }),
      ...(row.patchStrategy && { patchStrategy: row.patchStrategy as "merge" }),
      ...(row.patchMergeKey && { patchMergeKey: row.patchMergeKey }),
    };
  }

  #typed(type: string, row: PackedField): Schema {
    if (type.startsWith("$")) return this.named(type.slice(1))!;
    if (type.startsWith("[]")) return { kind: "list", items: this.#typed(type.slice(2), row), listType: "atomic" };
    if (type.startsWith("{}")) return { kind: "map", values: this.#typed(type.slice(2), row) };
    if (type.startsWith("any:")) return this.#any(type.slice("any:".length));
    return { ...scalars[type]!, ...(row.enum && { enum: row.enum }) };
  }

  #any(name: string): AnySchema {
    const oneOf = (): readonly Schema[] => {
      const props = this.named(`${extensions}.JSONSchemaProps`)!;
      if (name.endsWith("OrBool")) return [props, scalars["boolean"]!];
      if (name.endsWith("OrArray")) return [props, { kind: "list", items: props, listType: "atomic" }];
      return [props, { kind: "list", items: scalars["string"]!, listType: "atomic" }];
    };
    return { kind: "any", name, ...(name.includes("JSONSchemaPropsOr") && { oneOf: oneOf() }) };
  }
}

const scalars: Readonly<Record<string, ScalarSchema>> = {
  "string": { kind: "scalar", type: "string" },
  "boolean": { kind: "scalar", type: "boolean" },
  "int32": { kind: "scalar", type: "integer", format: "int32" },
  "int64": { kind: "scalar", type: "integer", format: "int64" },
  "double": { kind: "scalar", type: "number", format: "double" },
  "bytes": { kind: "scalar", type: "bytes", format: "byte" },
  "quantity": { kind: "scalar", type: "quantity" },
  "int-or-string": { kind: "scalar", type: "int-or-string", format: "int-or-string" },
  "time": { kind: "scalar", type: "time", format: "date-time" },
  "micro-time": { kind: "scalar", type: "micro-time", format: "date-time" },
};
