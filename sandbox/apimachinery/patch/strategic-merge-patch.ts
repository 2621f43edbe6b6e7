import type { Schema } from "../schema/schema.ts";
import { deleteFromList, directive, retainKeys, setElementOrder } from "./directives.ts";
import { goText, goType, isMap, type JsonMap } from "./go-text.ts";
import { mergeLists, orderBySetElementOrder } from "./merge-lists.ts";
import { bare, malformed } from "./refusals.ts";

type Draft = Record<string, unknown>;

const put = (target: Draft, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
};

const memberSchema = (schema: Schema | undefined, key: string): Schema | undefined =>
  schema?.kind === "object" ? schema.fields.get(key) : schema?.kind === "map" ? schema.values : undefined;

/** The value that a patch sets where there was none: without nulls in maps, without elements and members that are directives; undefined for nothing. */
const asSet = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asSet).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  if (Object.hasOwn(value, directive)) return undefined;
  const set: Draft = {};
  for (const key of Object.keys(value)) {
    const kept = value[key] === null ? undefined : asSet(value[key]);
    if (kept !== undefined) put(set, key, kept);
  }
  return set;
};

/** `$patch` in a map: take the patch as it is, or nothing. */
const obeyed = (patch: JsonMap): JsonMap => {
  const { [directive]: what, ...rest } = patch;
  if (what === "replace") return rest;
  if (what === "delete") return {};
  throw bare(`unknown patch type: ${goText(what)} in map: ${goText(patch)}`);
};

/** `$retainKeys`: fields that the list does not name go; the patch may set no others. */
const retained = (original: JsonMap, patch: JsonMap): JsonMap => {
  if (!Object.hasOwn(patch, retainKeys)) return original;
  const kept = patch[retainKeys];
  if (!Array.isArray(kept)) throw malformed("invalid patch format of retainKeys");
  const names = new Set<unknown>(kept);
  for (const key of Object.keys(patch)) {
    if (key === retainKeys || patch[key] === null || key.startsWith(deleteFromList) || key.startsWith(setElementOrder)) continue;
    if (!names.has(key)) throw malformed("invalid patch format of retainKeys");
  }
  return Object.fromEntries(Object.entries(original).filter(([key]) => names.has(key)));
};

const listNamed = (key: string, prefix: string, problem: string): string => {
  if (!key.startsWith(`${prefix}/`)) throw malformed(problem);
  return key.slice(prefix.length + 1);
};

/** Lists whose order the patch gives; answers the keys of the patch that are done with. */
const orderLists = (result: Draft, patch: JsonMap, schema: Schema | undefined): ReadonlySet<string> => {
  const done = new Set<string>([retainKeys]);
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(setElementOrder)) continue;
    done.add(key);
    const order = patch[key];
    if (!Array.isArray(order)) throw bare(`expected a []interface {}, but received a ${goType(order)}`);
    const name = listNamed(key, setElementOrder, "invalid patch format of setElementOrder list");
    const [original, patched] = [
      Object.hasOwn(result, name) ? result[name] : undefined,
      Object.hasOwn(patch, name) ? patch[name] : undefined,
    ];
    for (const list of [original, patched])
      if (list !== undefined && !Array.isArray(list)) throw bare(`expected a []interface {}, but received a ${goType(list)}`);
    const ordered = orderBySetElementOrder(
      original as readonly unknown[] | undefined,
      patched as readonly unknown[] | undefined,
      order,
      memberSchema(schema, name),
      asSet,
      mergeMaps,
    );
    if (ordered === undefined) continue;
    done.add(name);
    put(result, name, ordered);
  }
  return done;
};

/** Merges a patch into a map of the given schema (mergeMap). */
export const mergeMaps = (original: JsonMap, patch: JsonMap, schema: Schema | undefined): JsonMap => {
  if (Object.hasOwn(patch, directive)) return obeyed(patch);
  const result: Draft = { ...retained(original, patch) };
  const done = orderLists(result, patch, schema);
  for (const key of Object.keys(patch)) {
    if (done.has(key)) continue;
    const isDeletion = key.startsWith(deleteFromList);
    mergeMember(
      result,
      isDeletion ? listNamed(key, deleteFromList, "invalid patch format of primitive list") : key,
      patch[key],
      schema,
      isDeletion,
    );
  }
  return result;
};

const mergeMember = (result: Draft, key: string, value: unknown, schema: Schema | undefined, isDeletion: boolean): void => {
  if (value === null) {
    Reflect.deleteProperty(result, key);
    return;
  }
  const original = Object.hasOwn(result, key) ? result[key] : undefined;
  const field = memberSchema(schema, key);
  if (isMap(original) && isMap(value)) put(result, key, mergeMaps(original, value, field));
  else if (Array.isArray(original) && Array.isArray(value)) put(result, key, mergeLists(original, value, field, isDeletion, mergeMaps));
  else if (!isDeletion) {
    const set = asSet(value);
    if (set === undefined) Reflect.deleteProperty(result, key);
    else put(result, key, set);
  }
};

/**
 * Applies a strategic merge patch along a kind's schema (StrategicMergeMapPatch): merge keys, `$patch`, `$retainKeys`, `$deleteFromPrimitiveList`,
 * `$setElementOrder`. Throws BadRequest, 422, or upstream's bare 500s.
 */
export const applyStrategicMergePatch = (object: JsonMap, body: unknown, schema: Schema): JsonMap => {
  if (isMap(body)) return mergeMaps(object, body, schema);
  const type = Array.isArray(body) ? "array" : body === null ? "null" : typeof body === "boolean" ? "bool" : typeof body;
  if (body === null) return object;
  throw malformed(`json: cannot unmarshal ${type} into Go value of type map[string]interface {}`);
};
