import type { ScalarSchema, Schema } from "../schema/schema.ts";
import { goKind, goType, isMap, type JsonMap } from "./go-text.ts";

/** Why a patched object is none of its kind, in the words of upstream's converter. */
export class RestoreError extends Error {}

const goScalar: Readonly<Partial<Record<ScalarSchema["type"], string>>> = { string: "string", boolean: "bool", number: "float64" };

const targetOf = (schema: ScalarSchema): string => goScalar[schema.type] ?? (schema.format === "int64" ? "int64" : "int32");

const checkScalar = (value: unknown, schema: ScalarSchema): void => {
  if (schema.type !== "string" && schema.type !== "boolean" && schema.type !== "number" && schema.type !== "integer") return;
  const [target, kind] = [targetOf(schema), goKind(value)];
  if (
    schema.type === "string"
      ? kind === "string"
      : schema.type === "boolean"
        ? kind === "bool"
        : kind === "int64" || (kind === "float64" && schema.type === "number")
  )
    return;
  const isConvertible = (kind === "int64" && target === "string") || (kind === "float64" && target.startsWith("int"));
  throw new RestoreError(
    isConvertible ? `cannot convert ${goType(value)} to ${schema.go?.type ?? target}` : `unrecognized type: ${target}`,
  );
};

/** Walks a patched object along its schema: unknown fields go, and are told by their paths; nulls go; a value of the wrong shape throws RestoreError. */
const restored = (value: unknown, schema: Schema, path: string, unknown: string[]): unknown => {
  switch (schema.kind) {
    case "scalar":
      checkScalar(value, schema);
      return value;
    case "any":
      return value;
    case "list":
      if (!Array.isArray(value)) throw new RestoreError(`cannot restore slice from ${goKind(value)}`);
      return value.map((item: unknown, at) => (item === null ? item : restored(item, schema.items, `${path}[${String(at)}]`, unknown)));
    case "map":
      if (!isMap(value)) throw new RestoreError(`cannot restore map from ${goKind(value)}`);
      return members(value, (member, key) => restored(member, schema.values, `${path}.${key}`, unknown));
    case "object":
      if (!isMap(value)) throw new RestoreError(`cannot restore struct from: ${goKind(value)}`);
      return members(
        value,
        (member, key) => restored(member, schema.fields.get(key) ?? { kind: "any" }, path === "" ? key : `${path}.${key}`, unknown),
        (key) => {
          if (schema.fields.has(key)) return true;
          unknown.push(`unknown field ${JSON.stringify(path === "" ? key : `${path}.${key}`)}`);
          return false;
        },
        (key) => printsNull(schema.fields.get(key)),
      );
  }
};

/** Fields of Go structs that print null when they hold nothing: times, lists and maps that are not left out. */
const printsNull = (field: Schema | undefined): boolean => {
  if (!field?.go || field.go.pointer) return false;
  return field.kind === "scalar" ? field.type === "time" || field.type === "micro-time" : !field.go.omitEmpty && field.kind !== "object";
};

const members = (
  value: JsonMap,
  restore: (member: unknown, key: string) => unknown,
  keep: (key: string) => boolean = () => true,
  showsNull: (key: string) => boolean = () => false,
): JsonMap => {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (!keep(key) || value[key] === undefined) continue;
    if (value[key] === null && !showsNull(key)) continue;
    const member = value[key] === null ? null : restore(value[key], key);
    if (key === "__proto__") Object.defineProperty(result, key, { value: member, enumerable: true, configurable: true, writable: true });
    else result[key] = member;
  }
  return result;
};

/** A patched object as its kind's struct would hold it (FromUnstructuredWithValidation), and what it held besides. Throws RestoreError. */
export const restore = (object: JsonMap, schema: Schema): { readonly object: JsonMap; readonly unknown: readonly string[] } => {
  const unknown: string[] = [];
  const result = restored(object, schema, "", unknown);
  return { object: isMap(result) ? result : {}, unknown: unknown.sort() };
};
