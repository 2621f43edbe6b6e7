import { deepEqual } from "../meta/equal.ts";
import type { ListSchema, ObjectSchema, Schema } from "../schema/schema.ts";
import { asMember, emptySet, leaf, union, type FieldSet, type FieldSetDraft } from "./field-set.ts";
import { fieldElement } from "./path-element.ts";
import { alwaysPresent, elementOfItem, isAtomic, isMap, itemSchema, memberSchema, shapeOf, TypedError, type JsonMap } from "./typed.ts";

/** What changed between two objects. No field is in more than one of the sets. */
export interface Comparison {
  readonly removed: FieldSet;
  readonly modified: FieldSet;
  readonly added: FieldSet;
}

/** Changes below one node, made only when there are some. */
interface Changes {
  removed?: FieldSetDraft;
  modified?: FieldSetDraft;
  added?: FieldSetDraft;
}

/** Metadata that nobody owns (stripMetaManager). */
const unowned: ReadonlySet<string> = new Set([
  "name",
  "namespace",
  "creationTimestamp",
  "selfLink",
  "uid",
  "clusterName",
  "generation",
  "managedFields",
  "resourceVersion",
]);

const own = (map: JsonMap, key: string): unknown => (Object.hasOwn(map, key) ? map[key] : undefined);

const isEmpty = (value: unknown): boolean => {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") {
    for (const key in value) if (Object.hasOwn(value, key)) return false;
    return true;
  }
  return false;
};

/** Every field of a value that is new or gone as a whole. */
const whole = (value: unknown, schema: Schema): FieldSet => {
  const shape = shapeOf(schema, value);
  if (shape === "scalar" || isAtomic(schema, value) || isEmpty(value)) return leaf;
  const node: FieldSetDraft = { ".": leaf };
  if (isMap(value) && shape === "map") {
    for (const key of Object.keys(value))
      if (value[key] !== undefined) node[fieldElement(key)] = whole(value[key], memberSchema(schema, key));
    if (schema.kind === "object")
      for (const [key, zero] of alwaysPresent(schema))
        if (own(value, key) === undefined) node[fieldElement(key)] = whole(zero, memberSchema(schema, key));
    return node;
  }
  if (!Array.isArray(value) || schema.kind !== "list") return leaf;
  const items = indexed(schema, value);
  for (const [element, found] of items) node[element] = found.length > 1 ? leaf : asMember(whole(found[0], schema.items));
  return node;
};

const indexed = (schema: ListSchema, list: readonly unknown[]): Map<string, unknown[]> => {
  const items = new Map<string, unknown[]>();
  for (const [at, item] of list.entries()) {
    const element = elementAt(schema, item, at);
    const found = items.get(element);
    if (found) found.push(item);
    else items.set(element, [item]);
  }
  return items;
};

const elementAt = (schema: ListSchema, item: unknown, at: number): string => {
  try {
    return elementOfItem(schema, item);
  } catch (error) {
    throw new TypedError([{ path: "", problem: `element ${String(at)}: ${error instanceof Error ? error.message : String(error)}` }]);
  }
};

const insert = (changes: Changes, kind: keyof Changes, element: string, node: FieldSet): void => {
  const set = (changes[kind] ??= {});
  const known = set[element];
  set[element] = known === undefined ? node : (union({ [element]: known }, { [element]: node })[element] ?? node);
};

const compareMember = (changes: Changes, element: string, old: unknown, next: unknown, schema: Schema): void => {
  if (old === next) return;
  if (old === undefined) insert(changes, "added", element, whole(next, schema));
  else if (next === undefined) insert(changes, "removed", element, whole(old, schema));
  else {
    const below: Changes = {};
    const modified = compareValues(below, old, next, schema);
    if (below.removed) insert(changes, "removed", element, below.removed);
    if (below.added) insert(changes, "added", element, below.added);
    if (modified) insert(changes, "modified", element, below.modified ? asMember(below.modified) : leaf);
    else if (below.modified) insert(changes, "modified", element, below.modified);
  }
};

/** Compares two values that are both there; true when the field itself is modified, what changed below it goes to `below`. */
const compareValues = (below: Changes, old: unknown, next: unknown, schema: Schema): boolean => {
  const [before, after] = [shapeOf(schema, old), shapeOf(schema, next)];
  if (before !== after) return compareAcrossShapes(below, old, next, schema, before, after);
  if (after === "scalar") return old !== next;
  if ((isEmpty(old) && isEmpty(next)) || isAtomic(schema, next)) return !deepEqual(old, next);
  if (after === "map") compareMaps(below, isMap(old) ? old : {}, isMap(next) ? next : {}, schema);
  else if (schema.kind === "list") compareLists(below, Array.isArray(old) ? old : [], Array.isArray(next) ? next : [], schema);
  return false;
};

/** Without a schema a map may become a scalar or list: its members go, or come, and the field itself is modified. */
const compareAcrossShapes = (below: Changes, old: unknown, next: unknown, schema: Schema, before: string, after: string): boolean => {
  if (before === "map" && !isAtomic(schema, old)) compareMaps(below, isMap(old) ? old : {}, {}, schema);
  if (after === "map" && !isAtomic(schema, next)) compareMaps(below, {}, isMap(next) ? next : {}, schema);
  return before !== "map" || after !== "map";
};

const compareMaps = (changes: Changes, old: JsonMap, next: JsonMap, schema: Schema): void => {
  const valueOf = readerOf(schema);
  for (const key of Object.keys(next))
    compareMember(changes, fieldElement(key), valueOf(old, key), valueOf(next, key), memberSchema(schema, key));
  for (const key of Object.keys(old))
    if (!Object.hasOwn(next, key))
      compareMember(changes, fieldElement(key), valueOf(old, key), valueOf(next, key), memberSchema(schema, key));
};

/** Reads a member as Go's struct would show it, or as it stands where there is no struct behind the schema. */
const readerOf = (schema: Schema): ((map: JsonMap, key: string) => unknown) => {
  if (schema.kind !== "object" || schema.name === undefined) return own;
  const zeros = alwaysPresent(schema);
  return (map, key) => own(map, key) ?? zeros.get(key);
};

const compareLists = (changes: Changes, old: readonly unknown[], next: readonly unknown[], schema: ListSchema): void => {
  if (old.length === 1 && next.length === 1) {
    const [before, after] = [elementAt(schema, old[0], 0), elementAt(schema, next[0], 0)];
    if (before === after) {
      compareMember(changes, before, old[0], next[0], schema.items);
      return;
    }
  }
  const [before, after] = [indexed(schema, old), indexed(schema, next)];
  for (const [element, items] of before) compareItems(changes, element, items, after.get(element) ?? [], schema);
  for (const [element, items] of after) if (!before.has(element)) compareItems(changes, element, [], items, schema);
};

/** Items that share an element are compared as one: only the element itself is owned. */
const compareItems = (changes: Changes, element: string, old: readonly unknown[], next: readonly unknown[], schema: ListSchema): void => {
  if (old.length <= 1 && next.length <= 1) compareMember(changes, element, old[0], next[0], itemSchema(schema));
  else if (old.length >= 2 && next.length >= 2) {
    if (!deepEqual(old, next)) insert(changes, "modified", element, leaf);
  } else if (old.length >= 2) {
    if (next.length > 0) compareMember(changes, element, undefined, next[0], schema.items);
    insert(changes, "removed", element, leaf);
  } else {
    if (old.length > 0) compareMember(changes, element, old[0], undefined, schema.items);
    insert(changes, "added", element, leaf);
  }
};

const ownedMetadata = (metadata: unknown): JsonMap =>
  isMap(metadata) ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !unowned.has(key))) : {};

/** Compares two objects of one kind in one version. What nobody owns (identity, resourceVersion and such) is left out. Throws TypedError. */
export const compare = (old: JsonMap | undefined, next: JsonMap, schema: ObjectSchema): Comparison => {
  const changes: Changes = {};
  if (old !== next) {
    const { apiVersion: _a, kind: _b, metadata: before, ...oldRest } = old ?? {};
    const { apiVersion: _c, kind: _d, metadata: after, ...nextRest } = next;
    compareMaps(changes, oldRest, nextRest, schema);
    const metadata: Changes = {};
    compareMaps(metadata, ownedMetadata(before), ownedMetadata(after), memberSchema(schema, "metadata"));
    for (const kind of ["removed", "modified", "added"] as const) {
      const below = metadata[kind];
      if (below) insert(changes, kind, "f:metadata", below);
    }
  }
  return { removed: changes.removed ?? emptySet, modified: changes.modified ?? emptySet, added: changes.added ?? emptySet };
};
