import { forbiddenField, invalidValue, messageOf, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import { RE2JS } from "re2js";
import { additionalOf, itemsOf, type JsonSchema } from "../schema/json-schema.ts";

type Level = "root" | "items" | "field";

const placeOf: Readonly<Record<Level, string>> = {
  root: "at the root",
  items: "for specified array items",
  field: "for specified object fields",
};

const intOrString: readonly JsonSchema[] = [{ type: "integer" }, { type: "string" }];

/** Schemas below allOf, anyOf, oneOf and not, with where they stand and whether their anyOf may name types (int-or-string). */
const junctors = (schema: JsonSchema, path: string): readonly (readonly [JsonSchema, string])[] => [
  ...(schema.anyOf ?? []).map((each, at) => [each, `${path}.anyOf[${String(at)}]`] as const),
  ...(schema.allOf ?? []).map((each, at) => [each, `${path}.allOf[${String(at)}]`] as const),
  ...(schema.oneOf ?? []).map((each, at) => [each, `${path}.oneOf[${String(at)}]`] as const),
  ...(schema.not ? [[schema.not, `${path}.not`] as const] : []),
];

const patternError = (pattern: string | undefined, path: string): FieldError[] => {
  if (pattern === undefined || pattern === "") return [];
  try {
    RE2JS.compile(pattern);
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${why}`)];
  }
};

/** What may be said where a value is only checked, not described. */
const nested = (schema: JsonSchema, path: string): FieldError[] => {
  const errors = [...values(schema, path)];
  const items = itemsOf(schema);
  if (items) errors.push(...nested(items, `${path}.items`));
  for (const [name, property] of Object.entries(schema.properties ?? {})) errors.push(...nested(property, `${path}.properties[${name}]`));
  const forbid = (when: boolean, field: string, words: string): void => {
    if (when) errors.push(forbiddenField(`${path}.${field}`, `must be ${words} to be structural`));
  };
  forbid(Boolean(schema.type), "type", "empty");
  forbid(schema.additionalProperties !== undefined, "additionalProperties", "undefined");
  forbid(schema.default !== undefined, "default", "undefined");
  forbid(Boolean(schema.title), "title", "empty");
  forbid(Boolean(schema.description), "description", "empty");
  forbid(schema.nullable === true, "nullable", "false");
  for (const extension of ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string"] as const)
    forbid(schema[extension] === true, extension, "false");
  forbid((schema["x-kubernetes-list-map-keys"] ?? []).length > 0, "x-kubernetes-list-map-keys", "empty");
  forbid(schema["x-kubernetes-list-type"] !== undefined, "x-kubernetes-list-type", "undefined");
  forbid(schema["x-kubernetes-map-type"] !== undefined, "x-kubernetes-map-type", "undefined");
  forbid((schema["x-kubernetes-validations"] ?? []).length > 0, "x-kubernetes-validations", "empty");
  if (schema.properties && Object.hasOwn(schema.properties, "metadata"))
    errors.push(forbiddenField(`${path}.properties[metadata]`, "must not be specified in a nested context"));
  return errors;
};

const values = (schema: JsonSchema, path: string): FieldError[] => [
  ...junctors(schema, path).flatMap(([each, where]) =>
    isIntOrStringPart(schema, each) ? [] : nested(withoutIntOrString(schema, each), where),
  ),
  ...patternError(schema.pattern, path),
];

/** `anyOf: [{type: integer}, {type: string}]`, alone or first in allOf, may stand beside x-kubernetes-int-or-string. */
const isIntOrStringPart = (schema: JsonSchema, each: JsonSchema): boolean =>
  Boolean(schema["x-kubernetes-int-or-string"]) && (schema.anyOf ?? []).includes(each) && deepEqual(schema.anyOf, intOrString);

const withoutIntOrString = (schema: JsonSchema, each: JsonSchema): JsonSchema => {
  if (!schema["x-kubernetes-int-or-string"] || schema.allOf?.[0] !== each || !deepEqual(each.anyOf, intOrString)) return each;
  const { anyOf: _, ...rest } = each;
  return rest;
};

const metadataErrors = (schema: JsonSchema, isChecked: boolean, level: Level, path: string): FieldError[] => {
  const errors = isChecked && schema.type !== "object" ? [invalidValue(`${path}.type`, schema.type ?? "", "must be object")] : [];
  if (level !== "root") return errors;
  const { type: _type, default: _default, properties = {}, description: _description, ...rest } = schema;
  const others = Object.keys(properties).filter((name) => name !== "name" && name !== "generateName");
  if (others.length > 0 || Object.keys(rest).length > 0)
    errors.push(forbiddenField(path, "must not specify anything other than name and generateName, but metadata is implicitly specified"));
  return errors;
};

const invariants = (schema: JsonSchema, level: Level, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (schema.type === "array" && !items) errors.push(required(`${path}.items`, "must be specified"));
  if (items) errors.push(...invariants(items, "items", `${path}.items`));
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    errors.push(...invariants(property, "field", `${path}.properties[${name}]`));
  if (schema.additionalProperties !== undefined && level === "root")
    errors.push(forbiddenField(`${path}.additionalProperties`, "must not be used at the root"));
  const additional = additionalOf(schema);
  if (additional) errors.push(...invariants(additional, "field", `${path}.additionalProperties`));
  errors.push(...extensions(schema, path), ...values(schema, path));
  errors.push(...typeErrors(schema, level, path));
  const isResource = level === "root" || schema["x-kubernetes-embedded-resource"] === true;
  for (const name of ["kind", "apiVersion"]) {
    const type = schema.properties?.[name]?.type;
    if (isResource && schema.properties && Object.hasOwn(schema.properties, name) && type !== "string")
      errors.push(invalidValue(`${path}.properties[${name}].type`, type ?? "", "must be string"));
  }
  const metadata = schema.properties && Object.hasOwn(schema.properties, "metadata") ? schema.properties["metadata"] : undefined;
  if (metadata) errors.push(...metadataErrors(metadata, isResource, level, `${path}.properties[metadata]`));
  if (
    schema["x-kubernetes-embedded-resource"] &&
    !schema["x-kubernetes-preserve-unknown-fields"] &&
    Object.keys(schema.properties ?? {}).length === 0
  )
    errors.push(
      required(
        `${path}.properties`,
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
  return errors;
};

const typeErrors = (schema: JsonSchema, level: Level, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const { type = "" } = schema;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  if (embedded && type !== "object") {
    const words = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? required(`${path}.type`, words) : invalidValue(`${path}.type`, type, words));
  } else if (type === "" && !schema["x-kubernetes-int-or-string"] && !schema["x-kubernetes-preserve-unknown-fields"])
    errors.push(required(`${path}.type`, `must not be empty ${placeOf[level]}`));
  if (embedded && schema.additionalProperties !== undefined)
    errors.push(forbiddenField(`${path}.additionalProperties`, "must not be used if x-kubernetes-embedded-resource is set"));
  if (level === "root" && type !== "" && type !== "object") errors.push(invalidValue(`${path}.type`, type, "must be object at the root"));
  return errors;
};

const extensions = (schema: JsonSchema, path: string): FieldError[] =>
  (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const)
    .filter((extension) => schema["x-kubernetes-int-or-string"] && schema[extension])
    .map((extension) => invalidValue(`${path}.${extension}`, true, "must be false if x-kubernetes-int-or-string is true"));

/** Everything that is checked must also be described. */
const completeness = (check: JsonSchema, schema: JsonSchema | undefined, path: string, checkPath: string): FieldError[] => {
  if (!schema) return [required(path, `because it is defined in ${checkPath}`)];
  const errors = junctors(check, checkPath).flatMap(([each, where]) => completeness(each, schema, path, where));
  const items = itemsOf(check);
  if (items && check !== schema) errors.push(...completeness(items, itemsOf(schema), `${path}.items`, `${checkPath}.items`));
  if (check === schema) return errors;
  for (const [name, property] of Object.entries(check.properties ?? {})) {
    const described = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    errors.push(...completeness(property, described, `${path}.properties[${name}]`, `${checkPath}.properties[${name}]`));
  }
  return errors;
};

/** Why a schema is not structural (ValidateStructural), in the order of the messages. */
export const structuralErrors = (schema: JsonSchema, path: string): FieldError[] => {
  const errors = [...invariants(schema, "root", path), ...completeness(schema, schema, path, path)];
  const text = (error: FieldError): string => `${error.field}: ${messageOf(error)}`;
  return errors.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
};
