/** Values in the manner of Go, as the refusals of patches show them. */

/** A JSON object. */
export type JsonMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is JsonMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** Go's `%v`: `map[image:new name:a]`, members in order of their names. */
export const goText = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${goText(value[key])}`)
      .join(" ")}]`;
  return value === null || value === undefined ? "<nil>" : typeof value === "string" ? value : JSON.stringify(value);
};

/** The type that Go's decoder gives a JSON value. */
export const goType = (value: unknown): string => {
  if (Array.isArray(value)) return "[]interface {}";
  if (isMap(value)) return "map[string]interface {}";
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "int64" : "float64";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return "%!s(<nil>)";
  }
};

/** The kind of that type. */
export const goKind = (value: unknown): string => (Array.isArray(value) ? "slice" : isMap(value) ? "map" : goType(value));
