import { additionalOf, isMap, itemsOf, type JsonMap, type JsonSchema } from "./json-schema.ts";

const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
};

/** Whether null may stand in a field of this schema. */
const takesNull = (schema: JsonSchema | undefined): boolean =>
  schema?.nullable === true || (schema?.["x-kubernetes-preserve-unknown-fields"] === true && !schema.type);

/**
 * A value with its schema's defaults where fields are missing, or null without being nullable (defaulting.Default and PruneNonNullableNullsWithoutDefaults).
 * The same value where nothing changes.
 */
export const withDefaults = (value: unknown, schema: JsonSchema): unknown => {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    if (!items) return value;
    const list = value.map((item: unknown) =>
      item === null && !takesNull(items) && items.default !== undefined ? items.default : withDefaults(item, items),
    );
    return list.every((item, at) => item === value[at]) ? value : list;
  }
  return isMap(value) ? mapWithDefaults(value, schema) : value;
};

const mapWithDefaults = (map: JsonMap, schema: JsonSchema): JsonMap => {
  const result: Record<string, unknown> = {};
  let isChanged = false;
  const additional = additionalOf(schema);
  for (const key of Object.keys(map)) {
    const property = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : additional;
    const current = map[key];
    if (!property) put(result, key, current);
    else if (current === null && !takesNull(property)) {
      isChanged = true;
      if (property.default !== undefined) put(result, key, withDefaults(property.default, property));
    } else {
      const value = withDefaults(current, property);
      isChanged ||= value !== current;
      put(result, key, value);
    }
  }
  for (const key of Object.keys(schema.properties ?? {})) {
    const property = schema.properties?.[key];
    if (property?.default === undefined || Object.hasOwn(map, key)) continue;
    isChanged = true;
    put(result, key, withDefaults(property.default, property));
  }
  return isChanged ? result : map;
};
