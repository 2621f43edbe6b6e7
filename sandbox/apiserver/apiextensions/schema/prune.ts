import { additionalOf, isMap, itemsOf, metaFields, own, type JsonMap, type JsonSchema } from "./json-schema.ts";

interface Pruning {
  /** Paths of what was dropped, while somebody wants to know. */
  readonly dropped?: string[];
}

const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
};

const at = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** The value without what its schema does not know; the same value where nothing goes. */
const pruned = (value: unknown, schema: JsonSchema, isResource: boolean, path: string, pruning: Pruning): unknown => {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (!items)
      return schema["x-kubernetes-preserve-unknown-fields"] ? value : value.length === 0 ? value : prunedItems(value, {}, path, pruning);
    return prunedItems(value, items, path, pruning);
  }
  return isMap(value) ? prunedMap(value, schema, isResource || schema["x-kubernetes-embedded-resource"] === true, path, pruning) : value;
};

const prunedItems = (list: readonly unknown[], schema: JsonSchema, path: string, pruning: Pruning): readonly unknown[] => {
  const kept = list.map((item, index) => pruned(item, schema, false, `${path}[${String(index)}]`, pruning));
  return kept.every((item, index) => item === list[index]) ? list : kept;
};

const prunedMap = (map: JsonMap, schema: JsonSchema, isResource: boolean, path: string, pruning: Pruning): JsonMap => {
  const additional = additionalOf(schema);
  const keepsAll = schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const kept: Record<string, unknown> = {};
  let isChanged = false;
  for (const key of Object.keys(map)) {
    const property = own(schema.properties, key);
    if (isResource && metaFields.has(key)) put(kept, key, map[key]);
    else if (property ?? additional) {
      const value = pruned(map[key], property ?? additional ?? {}, false, at(path, key), pruning);
      isChanged ||= value !== map[key];
      put(kept, key, value);
    } else if (keepsAll) put(kept, key, map[key]);
    else {
      isChanged = true;
      pruning.dropped?.push(at(path, key));
    }
  }
  return isChanged ? kept : map;
};

/** A custom object without fields that its schema does not know (pruning.Prune). Below preserved unknown fields everything stays. */
export const prune = <T extends object>(object: T, schema: JsonSchema, dropped?: string[]): T =>
  pruned(object, schema, true, "", dropped ? { dropped } : {}) as T;

/** The same for a value inside an object: a default. */
export const pruneValue = (value: unknown, schema: JsonSchema): unknown =>
  pruned(value, schema, schema["x-kubernetes-embedded-resource"] === true, "", {});
