import { JsonSyntaxError, NumberLiteral, readJson } from "../../../../apimachinery/decode/json-reader.ts";

/** Why Go would not read the text as a JSON object; undefined where it would. */
export const jsonProblem = (text: string): string | undefined => {
  try {
    const { value } = readJson(text);
    const type = typeName(value);
    return type === undefined ? undefined : `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
};

/** What Go calls a value that does not fit into a map; undefined for those that do. */
const typeName = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return value === null || (typeof value === "object" && !(value instanceof NumberLiteral)) ? undefined : "number";
};
