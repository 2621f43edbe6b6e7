import { duplicate, GoText, quoted, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { additionalOf, isMap, itemsOf, own, type JsonSchema } from "./json-schema.ts";

/** A key of a list map as messages show it: `map[string]interface {}{"k":"a"}`. */
const goMap = (map: Readonly<Record<string, unknown>>): GoText =>
  new GoText(
    `map[string]interface {}{${Object.keys(map)
      .sort()
      .map((key) => `${quoted(key)}:${typeof map[key] === "string" ? quoted(map[key]) : JSON.stringify(map[key])}`)
      .join(", ")}}`,
  );

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    isMap(member)
      ? Object.fromEntries(
          Object.keys(member)
            .sort()
            .map((key) => [key, member[key]]),
        )
      : member,
  );

const duplicates = (list: readonly unknown[], schema: JsonSchema, path: string): FieldError[] => {
  const type = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (type !== "set" && type !== "map") return [];
  const seen = new Set<string>();
  const told = new Set<string>();
  const errors: FieldError[] = [];
  for (const [at, item] of list.entries()) {
    if (type === "map" && !isMap(item)) continue;
    const shown =
      type === "set"
        ? item
        : Object.fromEntries(
            keys
              .filter((key) => own(item as Readonly<Record<string, unknown>>, key) !== undefined)
              .map((key) => [key, (item as Readonly<Record<string, unknown>>)[key]]),
          );
    const text = canonical(shown);
    if (seen.has(text) && !told.has(text)) {
      told.add(text);
      errors.push(duplicate(`${path}[${String(at)}]`, isMap(shown) ? goMap(shown) : shown));
    }
    seen.add(text);
  }
  return errors;
};

/** Items that a set or a list with keys holds twice (ValidateListSetsAndMaps). */
export const validateListTypes = (value: unknown, schema: JsonSchema, path: string): FieldError[] => {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return [
      ...duplicates(value, schema, path),
      ...(items ? value.flatMap((item: unknown, at) => validateListTypes(item, items, `${path}[${String(at)}]`)) : []),
    ];
  }
  if (!isMap(value)) return [];
  const additional = additionalOf(schema);
  return Object.keys(value).flatMap((key) => {
    const property = own(schema.properties, key);
    const inside = path === "" ? key : `${path}.${key}`;
    if (property) return validateListTypes(value[key], property, inside);
    return additional ? validateListTypes(value[key], additional, `${path}[${key}]`) : [];
  });
};
