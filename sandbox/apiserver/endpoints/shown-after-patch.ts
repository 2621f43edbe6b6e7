import type { Schema } from "../../apimachinery/schema/schema.ts";
import { isSameJson } from "../registry/json.ts";

/**
 * The patched JSON as refusals show it: what the patch touched has its members in alphabetical order, since upstream held it as a map; what it left
 * alone has them in the order of the kind's fields.
 */
export const shownAfterPatch = (value: unknown, before: unknown, schema: Schema | undefined): string =>
  JSON.stringify(ordered(value, before, schema));

const ordered = (value: unknown, before: unknown, schema: Schema | undefined): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (before !== undefined && schema?.kind !== undefined && !isTop(schema) && isSameJson(value, before)) return inFieldOrder(value, schema);
  if (Array.isArray(value)) {
    const items = schema?.kind === "list" ? schema.items : undefined;
    return value.map((item: unknown, at) => ordered(item, (before as readonly unknown[] | undefined)?.[at], items));
  }
  const map = value as Readonly<Record<string, unknown>>;
  const known = before as Readonly<Record<string, unknown>> | undefined;
  const entries = Object.keys(map).sort();
  return Object.fromEntries(entries.map((key) => [key, ordered(map[key], known?.[key], memberOf(schema, key))]));
};

/** The object as a whole is always touched. */
const isTop = (schema: Schema): boolean => schema.kind === "object" && schema.fields.has("apiVersion") && schema.fields.has("metadata");

const memberOf = (schema: Schema | undefined, key: string): Schema | undefined =>
  schema?.kind === "object" ? schema.fields.get(key) : schema?.kind === "map" ? schema.values : undefined;

const inFieldOrder = (value: unknown, schema: Schema | undefined): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = schema?.kind === "list" ? schema.items : undefined;
    return value.map((item: unknown) => inFieldOrder(item, items));
  }
  const map = value as Readonly<Record<string, unknown>>;
  const keys = schema?.kind === "object" ? [...schema.fields.keys()].filter((key) => Object.hasOwn(map, key)) : Object.keys(map).sort();
  return Object.fromEntries(keys.map((key) => [key, inFieldOrder(map[key], memberOf(schema, key))]));
};
