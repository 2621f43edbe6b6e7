import { bool, double, duration, dyn, int, string, timestamp, type CelField, type CelType } from "../../../apimachinery/cel/index.ts";
import { additionalOf, itemsOf, own, type JsonSchema } from "../schema/json-schema.ts";

/** How many bytes a request may have: what bounds everything that a schema does not. */
const requestSize = 3_145_728;

const leastOfText: Readonly<Record<string, number>> = { "duration": 4, "date": 12, "date-time": 22 };

/** The fewest bytes that a value takes in JSON: of an object, those of the members that it cannot do without. */
export const leastSize = (schema: JsonSchema): number => {
  switch (schema.type) {
    case "string":
      return leastOfText[schema.format ?? ""] ?? 2;
    case "array":
      return 2;
    case "object": {
      const members = (schema.required ?? []).map((name) => {
        const property = own(schema.properties, name);
        return !property || property.default !== undefined ? 0 : name.length + 4 + leastSize(property);
      });
      return members.reduce((sum, size) => sum + size, 2);
    }
    case "boolean":
      return 4;
    default:
      return 1;
  }
};

/** How often a value of this schema can occur in one request. */
export const mostOccurrences = (schema: JsonSchema): number => Math.floor(requestSize / (leastSize(schema) + 1));

const words: ReadonlySet<string> = new Set([
  "true",
  "false",
  "null",
  "in",
  "as",
  "break",
  "const",
  "continue",
  "else",
  "for",
  "function",
  "if",
  "import",
  "let",
  "loop",
  "package",
  "namespace",
  "return",
  "var",
  "void",
  "while",
]);

/** A member's name as CEL must spell it: `a-b` is `a__dash__b`; undefined where it cannot be spelt. */
export const celName = (name: string): string | undefined => {
  if (words.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
};

const objectType = (schema: JsonSchema, isResource: boolean, name: string): CelType => {
  const fields = new Map<string, CelField>();
  const add = (key: string, type: CelType | undefined): void => {
    const spelt = celName(key);
    if (type && spelt !== undefined) fields.set(spelt, { type, key });
  };
  if (isResource) {
    add("apiVersion", string);
    add("kind", string);
    const metadata = new Map<string, CelField>([
      ["name", { type: string, key: "name" }],
      ["generateName", { type: string, key: "generateName" }],
    ]);
    add("metadata", { kind: "object", name: `${name}.metadata`, fields: metadata });
  }
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    if (!isResource || !["apiVersion", "kind", "metadata"].includes(key)) add(key, typeOf(property, `${name}.${key}`));
  return { kind: "object", name, fields };
};

const typeOf = (schema: JsonSchema, name: string): CelType | undefined => {
  if (schema["x-kubernetes-int-or-string"]) return dyn;
  switch (schema.type) {
    case "array": {
      const items = itemsOf(schema);
      const item = items && typeOf(items, `${name}.@items`);
      return item && items
        ? { kind: "list", item, most: schema.maxItems ?? Math.floor((requestSize - 2) / (leastSize(items) + 1)) }
        : undefined;
    }
    case "object": {
      const additional = additionalOf(schema);
      if (additional && !schema.properties) {
        const value = typeOf(additional, `${name}.@elements`);
        return (
          value && {
            kind: "map",
            key: { kind: "string", most: requestSize },
            value,
            most: schema.maxProperties ?? Math.floor((requestSize - 2) / (leastSize(additional) + 6)),
          }
        );
      }
      return objectType(schema, schema["x-kubernetes-embedded-resource"] === true, name);
    }
    case "string": {
      const most = schema.maxLength === undefined ? requestSize - 2 : schema.maxLength * 4;
      if (schema.format === "byte") return { kind: "bytes", most };
      if (schema.format === "duration") return duration;
      if (schema.format === "date" || schema.format === "date-time") return timestamp;
      const longest = schema.enum && Math.max(...schema.enum.map((value) => (typeof value === "string" ? value.length : 0)));
      return { kind: "string", most: longest ?? most };
    }
    case "integer":
      return int;
    case "number":
      return double;
    case "boolean":
      return bool;
    default:
      return undefined;
  }
};

/** The type of `self` for a schema (SchemaDeclType); undefined where rules can know nothing of it. */
export const selfType = (schema: JsonSchema, isRoot: boolean): CelType | undefined =>
  isRoot ? objectType(schema, true, "selfType") : typeOf(schema, "selfType");

/** How many items a list or map has at most; undefined where the schema does not say. */
export const mostItems = ({ type, maxItems, maxProperties }: JsonSchema): number | undefined =>
  type === "array" ? maxItems : maxProperties;
