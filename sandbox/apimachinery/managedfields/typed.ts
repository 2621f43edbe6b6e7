import type { AnySchema, ListSchema, MapSchema, ObjectSchema, Schema } from "../schema/schema.ts";
import { keyElement, valueElement } from "./path-element.ts";
import { zeroValueOf } from "../schema/zero-value.ts";

/** JSON as it travels. */
export type JsonMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is JsonMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with an object that does not fit its schema, with paths. The words reach clients of server-side apply. */
export class TypedError extends Error {
  constructor(problems: readonly { readonly path: string; readonly problem: string }[]) {
    const lines = problems.map(({ path, problem }) => (path === "" ? problem : `${path}: ${problem}`));
    super(lines.length === 1 ? lines[0] : ["errors:", ...lines.map((line) => `  ${line}`)].join("\n"));
  }
}

/** A value without a schema whose maps are owned key by key; lists in it are atomic. */
export const deduced: AnySchema = { kind: "any", granular: true };
/** A value that is owned as one. */
export const untyped: AnySchema = { kind: "any" };

/** How a value is walked. A schema decides where there is one; otherwise the value does, and null counts as a map. */
export const shapeOf = (schema: Schema, value: unknown): "map" | "list" | "scalar" => {
  switch (schema.kind) {
    case "object":
    case "map":
      return "map";
    case "list":
      return "list";
    case "scalar":
      return "scalar";
    case "any":
      if (Array.isArray(value)) return "list";
      return typeof value === "object" ? "map" : "scalar";
  }
};

/** Whether a map or list is owned and replaced as one value. */
export const isAtomic = (schema: Schema, value: unknown): boolean => {
  switch (schema.kind) {
    case "object":
    case "map":
      return schema.atomic === true;
    case "list":
      return schema.listType === "atomic";
    case "any":
      return !schema.granular || Array.isArray(value);
    case "scalar":
      return true;
  }
};

/** The schema of a member of a map; undefined where the schema does not know it. */
export const declaredMember = (schema: ObjectSchema | MapSchema | AnySchema, key: string): Schema | undefined => {
  if (schema.kind === "any") return schema.granular ? deduced : untyped;
  if (schema.kind === "map") return schema.values;
  return schema.fields.get(key) ?? (schema.preserveUnknown ? deduced : undefined);
};

export const memberSchema = (schema: Schema, key: string): Schema =>
  schema.kind === "list" || schema.kind === "scalar" ? deduced : (declaredMember(schema, key) ?? deduced);

/** Whether a struct names this field, as opposed to a key of a map. */
export const isNamedField = (schema: Schema, key: string): boolean => schema.kind === "object" && schema.fields.has(key);

export const itemSchema = (schema: Schema): Schema => (schema.kind === "list" ? schema.items : untyped);

const sortedKeys = new WeakMap<ListSchema, readonly string[]>();

const keysInOrder = (schema: ListSchema): readonly string[] => {
  let keys = sortedKeys.get(schema);
  if (!keys) {
    keys = [...(schema.mapKeys ?? [])].sort();
    sortedKeys.set(schema, keys);
  }
  return keys;
};

/** The element by which a list's item is known. Throws an Error with upstream's words where it has none. */
export const elementOfItem = (schema: ListSchema, item: unknown): string => {
  if (schema.listType === "set") {
    if (isMap(item)) throw new Error("associative list without keys has an element that's a map type");
    if (Array.isArray(item)) throw new Error("not supported: associative list with lists as elements");
    if (item === null || item === undefined) throw new Error("associative list without keys has an element that's an explicit null");
    return valueElement(item);
  }
  if (item === null || item === undefined) throw new Error("associative list with keys may not have a null element");
  if (!isMap(item)) throw new Error("associative list with keys may not have non-map elements");
  return keyElement(keysInOrder(schema), (key) => {
    if (Object.hasOwn(item, key) && item[key] !== undefined) return item[key];
    const field = schema.items.kind === "object" ? schema.items.fields.get(key) : undefined;
    // A key that Go always prints has its zero value for a default.
    const fallback = field && (field.default ?? zeroValueOf(field)?.());
    if (fallback !== undefined) return fallback;
    throw new Error(
      `associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`,
    );
  });
};

const always = new WeakMap<ObjectSchema, ReadonlyMap<string, unknown>>();

/** What a field of a Go struct shows that was not set, or undefined where it is left out. Structs that are no pointers always show. */
const zeroOf = (field: Schema): unknown => {
  const { go } = field;
  if (!go) return undefined;
  if (go.pointer) return go.omitEmpty ? undefined : null;
  switch (field.kind) {
    case "object":
      return {};
    case "list":
    case "map":
      return go.omitEmpty ? undefined : null;
    case "any":
      return null;
    case "scalar":
      if (field.type === "time" || field.type === "micro-time") return null;
      if (field.type === "quantity") return "0";
      if (field.type === "int-or-string") return 0;
      if (go.omitEmpty) return undefined;
      if (field.type === "boolean") return false;
      return field.type === "integer" || field.type === "number" ? 0 : field.type === "bytes" ? null : "";
  }
};

/** What Go's struct shows for fields that an object does not hold: an empty struct, null, zero. Ownership begins below these. */
export const alwaysPresent = (schema: ObjectSchema): ReadonlyMap<string, unknown> => {
  let values = always.get(schema);
  if (!values) {
    const found = new Map<string, unknown>();
    for (const [key, field] of schema.fields) {
      const zero = zeroOf(field);
      if (zero !== undefined) found.set(key, zero);
    }
    values = found;
    always.set(schema, values);
  }
  return values;
};
