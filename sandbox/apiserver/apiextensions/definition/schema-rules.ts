import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { additionalOf, isMap, itemsOf, metaFields, type JsonSchema } from "../schema/json-schema.ts";
import { resolveFieldPath } from "./field-path.ts";

/** Where in a schema a rule is being looked at. */
interface Place {
  readonly isRoot: boolean;
  /** Why defaults are refused here, as the rest of `must not be set`. */
  readonly noDefaults?: string;
  readonly insideMetadata?: boolean;
}

const types = ["array", "boolean", "integer", "number", "object", "string"];
const reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

const unsupported = (schema: JsonSchema, path: string, place: Place): FieldError[] => {
  const errors: FieldError[] = [];
  const type = schema.type ?? "";
  if (type !== "" && !types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  if (schema.default !== undefined && place.noDefaults !== undefined)
    errors.push(forbiddenField(`${path}.default`, `must not be set ${place.noDefaults}`));
  for (const keyword of ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"] as const)
    if (schema[keyword] !== undefined && schema[keyword] !== "")
      errors.push(forbiddenField(`${path}.${keyword}`, `${keyword} is not supported`));
  if (type === "null") errors.push(forbiddenField(`${path}.type`, "type cannot be set to null, use nullable as an alternative"));
  if (Array.isArray(schema.items)) errors.push(forbiddenField(`${path}.items`, "items must be a schema object and not an array"));
  if (place.insideMetadata && schema["x-kubernetes-embedded-resource"])
    errors.push(forbiddenField(`${path}.x-kubernetes-embedded-resource`, "must not be used inside of resource meta"));
  return errors;
};

const children = (schema: JsonSchema, path: string, place: Place): FieldError[] => {
  const errors: FieldError[] = [];
  const inside: Place = { ...place, isRoot: false };
  const additional = additionalOf(schema);
  if (schema.additionalProperties !== undefined) {
    if (Object.keys(schema.properties ?? {}).length > 0 && schema.additionalProperties !== true)
      errors.push(forbiddenField(`${path}.additionalProperties`, "additionalProperties and properties are mutual exclusive"));
    const below = place.insideMetadata ? { ...inside, noDefaults: "inside additionalProperties applying to object metadata" } : inside;
    if (additional) errors.push(...schemaErrors(additional, `${path}.additionalProperties`, below));
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = (place.isRoot || schema["x-kubernetes-embedded-resource"] === true) && metaFields.has(name);
    const below = {
      ...inside,
      ...(isMeta && { insideMetadata: true }),
      ...(isMeta && place.isRoot && { noDefaults: `in top-level ${name}` }),
    };
    errors.push(...schemaErrors(property, `${path}.properties[${name}]`, below));
  }
  if (schema.not) errors.push(...schemaErrors(schema.not, `${path}.not`, inside));
  for (const junctor of ["allOf", "oneOf", "anyOf"] as const)
    for (const [at, each] of (schema[junctor] ?? []).entries())
      errors.push(...schemaErrors(each, `${path}.${junctor}[${String(at)}]`, inside));
  const items = itemsOf(schema);
  if (items) errors.push(...schemaErrors(items, `${path}.items`, inside));
  return errors;
};

const mustBe = (type: string | undefined, path: string, words: string): FieldError =>
  type ? invalidValue(path, type, words) : required(path, words);

const listErrors = (schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const { type } = schema;
  const listType = schema["x-kubernetes-list-type"];
  const mapType = schema["x-kubernetes-map-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const items = itemsOf(schema);
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, "must be true or undefined"));
  if (mapType !== undefined && type !== "object")
    errors.push(mustBe(type, `${path}.type`, "must be object if x-kubernetes-map-type is specified"));
  if (mapType !== undefined && mapType !== "atomic" && mapType !== "granular")
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, mapType, ["atomic", "granular"]));
  if (listType !== undefined && type !== "array")
    errors.push(mustBe(type, `${path}.type`, "must be array if x-kubernetes-list-type is specified"));
  else if (listType === "set" && items) {
    const words = "must be atomic as item of a list with x-kubernetes-list-type=set";
    const itemList = items["x-kubernetes-list-type"];
    if (items.type === "array" && itemList !== undefined && itemList !== "atomic")
      errors.push(invalidValue(`${path}.items.x-kubernetes-list-type`, itemList, words));
    if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
      errors.push(invalidValue(`${path}.items.x-kubernetes-map-type`, itemList, words));
  }
  if (listType !== undefined && !["atomic", "set", "map"].includes(listType))
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, listType, ["atomic", "set", "map"]));
  if (keys.length > 0 && listType !== "map")
    errors.push(mustBe(listType, `${path}.x-kubernetes-list-type`, "must be map if x-kubernetes-list-map-keys is non-empty"));
  if (listType === "map") errors.push(...listMapErrors(schema, items, keys, path));
  if ((listType === "set" || listType === "map") && items?.nullable)
    errors.push(forbiddenField(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`));
  if (listType === "map" && items) errors.push(...keyErrors(items, keys, path));
  return errors;
};

const listMapErrors = (schema: JsonSchema, items: JsonSchema | undefined, keys: readonly string[], path: string): FieldError[] => {
  const errors: FieldError[] = [];
  if (keys.length === 0) errors.push(required(`${path}.x-kubernetes-list-map-keys`, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined) errors.push(required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map"));
  else if (!items)
    errors.push(invalidValue(`${path}.items`, schema.items, "must only have a single schema if x-kubernetes-list-type is map"));
  if (!items) return errors;
  if (items.type !== "object")
    return [
      ...errors,
      invalidValue(`${path}.items.type`, items.type ?? "", "must be object if parent array's x-kubernetes-list-type is map"),
    ];
  for (const [at, key] of keys.entries()) {
    const property = items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (!property) errors.push(invalidValue(`${path}.x-kubernetes-list-map-keys`, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object")
      errors.push(
        invalidValue(
          `${path}.items.properties[${key}].type`,
          items.type,
          "must be a scalar type if parent array's x-kubernetes-list-type is map",
        ),
      );
    if (keys.indexOf(key) < at) errors.push(invalidValue(`${path}.x-kubernetes-list-map-keys`, keys, "must not contain duplicate entries"));
  }
  return errors;
};

const keyErrors = (items: JsonSchema, keys: readonly string[], path: string): FieldError[] =>
  keys.flatMap((key) => {
    const property = items.properties && Object.hasOwn(items.properties, key) ? items.properties[key] : undefined;
    if (!property) return [];
    const where = `${path}.items.properties[${key}]`;
    return [
      ...((items.required ?? []).includes(key) || property.default !== undefined
        ? []
        : [
            required(
              `${where}.default`,
              "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property",
            ),
          ]),
      ...(property.nullable
        ? [forbiddenField(`${where}.nullable`, "this property is in x-kubernetes-list-map-keys, so it cannot be nullable")]
        : []),
    ];
  });

const ruleErrors = (schema: JsonSchema, path: string): FieldError[] =>
  (schema["x-kubernetes-validations"] ?? []).flatMap(({ rule, message = "", messageExpression = "", reason, fieldPath = "" }, at) => {
    const errors: FieldError[] = [];
    const where = `${path}.x-kubernetes-validations[${String(at)}]`;
    const hasLineBreaks = (text: string): boolean => /[\n\r]/.test(text);
    if (rule.trim() === "") errors.push(required(`${where}.rule`, "rule is not specified"));
    else if (message !== "" && message.trim() === "")
      errors.push(invalidValue(`${where}.message`, message, "message must be non-empty if specified"));
    else if (hasLineBreaks(message.trim())) errors.push(invalidValue(`${where}.message`, message, "message must not contain line breaks"));
    else if (hasLineBreaks(rule.trim()) && message.trim() === "")
      errors.push(required(`${where}.message`, "message must be specified if rule contains line breaks"));
    if (messageExpression !== "" && messageExpression.trim() === "")
      errors.push(required(`${where}.messageExpression`, "messageExpression must be non-empty if specified"));
    if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${where}.reason`, reason, reasons));
    if (fieldPath !== "" && fieldPath.trim() === "")
      errors.push(invalidValue(`${where}.fieldPath`, fieldPath, "fieldPath must be non-empty if specified"));
    if (hasLineBreaks(fieldPath)) errors.push(invalidValue(`${where}.fieldPath`, fieldPath, "fieldPath must not contain line breaks"));
    if (fieldPath !== "" && "problem" in resolveFieldPath(fieldPath, schema))
      errors.push(invalidValue(`${where}.fieldPath`, fieldPath, "fieldPath must be a valid path"));
    return errors;
  });

const schemaErrors = (schema: JsonSchema, path: string, place: Place): FieldError[] => [
  ...unsupported(schema, path, place),
  ...(schema.uniqueItems
    ? [forbiddenField(`${path}.uniqueItems`, "uniqueItems cannot be set to true since the runtime complexity becomes quadratic")]
    : []),
  ...children(schema, path, place),
  ...listErrors(schema, path),
  ...ruleErrors(schema, path),
];

/** What a CustomResourceDefinition's schema may not say (ValidateCustomResourceDefinitionOpenAPISchema), CEL's own compilation aside. */
export const openApiErrors = (schema: JsonSchema, path: string): FieldError[] =>
  isMap(schema) ? schemaErrors(schema, path, { isRoot: true }) : [];
