import type { Schema } from "../schema/schema.ts";
import { elementsOf, isMember, nodeAt, type FieldSet } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { elementOfItem, isAtomic, isMap, itemSchema, memberSchema, shapeOf } from "./typed.ts";

/** A value without the fields of a set; undefined where nothing is left (TypedValue.RemoveItems). */
export const removeItems = (value: unknown, set: FieldSet, schema: Schema): unknown => {
  const shape = shapeOf(schema, value);
  if (shape === "scalar") return value;
  if (isAtomic(schema, value)) return undefined;
  if (isMap(value) && shape === "map") {
    const rest: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const kept = withoutItems(value[key], nodeAt(set, fieldElement(key)), memberSchema(schema, key));
      if (kept === undefined) continue;
      if (key === "__proto__") Object.defineProperty(rest, key, { value: kept, enumerable: true, configurable: true, writable: true });
      else rest[key] = kept;
    }
    return Object.keys(rest).length === 0 ? undefined : rest;
  }
  if (!Array.isArray(value) || schema.kind !== "list") return value;
  const rest = value
    .map((item: unknown) => withoutItems(item, nodeAt(set, elementOfItem(schema, item)), itemSchema(schema)))
    .filter((item) => item !== undefined);
  return rest.length === 0 ? undefined : rest;
};

const withoutItems = (value: unknown, node: FieldSet | undefined, schema: Schema): unknown => {
  if (node === undefined) return value;
  if (isMember(node)) return undefined;
  return elementsOf(node).length === 0 ? value : removeItems(value, node, schema);
};
