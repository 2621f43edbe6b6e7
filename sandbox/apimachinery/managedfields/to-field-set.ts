import type { Schema } from "../schema/schema.ts";
import { asMember, elementsOf, leaf, nodeAt, type FieldSet, type FieldSetDraft } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { elementOfItem, isAtomic, isMap, isNamedField, itemSchema, memberSchema, shapeOf } from "./typed.ts";

/** What a value sets, below its own element; undefined where nothing is set there, `leaf` where the value is owned as one. */
const nodeOf = (value: unknown, schema: Schema): FieldSet | undefined => {
  const shape = shapeOf(schema, value);
  if (shape === "scalar" || isAtomic(schema, value)) return leaf;
  const node: FieldSetDraft = {};
  if (isMap(value) && shape === "map") {
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (member === undefined) continue;
      const below = nodeOf(member, memberSchema(schema, key));
      const isEmptyMap = member === null || (isMap(member) && Object.keys(member).length === 0);
      if (isEmptyMap || !isNamedField(schema, key)) node[fieldElement(key)] = asMember(below ?? leaf);
      else if (below !== undefined) node[fieldElement(key)] = below;
    }
  } else if (Array.isArray(value) && schema.kind === "list") {
    const seen = new Set<string>();
    for (const item of value) {
      const element = elementOfItem(schema, item);
      node[element] = seen.has(element) ? leaf : asMember(nodeOf(item, itemSchema(schema)) ?? leaf);
      seen.add(element);
    }
  }
  return Object.keys(node).length === 0 ? undefined : node;
};

/** The fields that an object sets (ToFieldSet): leaves, keys of maps and items of lists, but not the structs above them. */
export const toFieldSet = (object: unknown, schema: Schema): FieldSet => nodeOf(object, schema) ?? leaf;

/** The same set with every struct's field above a member as a member too (EnsureNamedFieldsAreMembers). */
export const withNamedFields = (set: FieldSet, schema: Schema | undefined): FieldSet => {
  const result: FieldSetDraft = {};
  for (const element of elementsOf(set)) {
    const node = nodeAt(set, element) ?? leaf;
    if (elementsOf(node).length === 0) {
      result[element] = leaf;
      continue;
    }
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    const below =
      name === undefined ? (element.startsWith("k:") && schema ? itemSchema(schema) : undefined) : schema && memberSchema(schema, name);
    const isNamed = name !== undefined && schema !== undefined && isNamedField(schema, name);
    const inner = withNamedFields(node, below);
    result[element] = isNamed || Object.hasOwn(node, ".") ? { ".": leaf, ...inner } : inner;
  }
  return result;
};
