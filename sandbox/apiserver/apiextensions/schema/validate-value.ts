import { RE2JS } from "re2js";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import {
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { fitsFormat } from "./formats.ts";
import { additionalOf, isMap, itemsOf, own, type JsonMap, type JsonSchema } from "./json-schema.ts";

const patterns = new Map<string, RE2JS | undefined>();

/** A user's pattern, in linear time; undefined where it is none. */
export const compiledPattern = (pattern: string): RE2JS | undefined => {
  if (!patterns.has(pattern)) {
    if (patterns.size > 2048) patterns.clear();
    try {
      patterns.set(pattern, RE2JS.compile(pattern));
    } catch {
      patterns.set(pattern, undefined);
    }
  }
  return patterns.get(pattern);
};

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return "array";
  if (value === null || value === undefined) return "null";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value === "object" ? "object" : typeof value;
};

/** `spec.size in body …`; at the root there is no name. */
const says = (path: string, words: string): string => `${path} in body ${words}`;

const mustBeOfType = (path: string, type: string, shown: string): FieldError =>
  typeInvalid(path, shown, says(path, `must be of type ${type}: ${JSON.stringify(shown)}`));

const hasType = (schema: JsonSchema, actual: string): boolean => {
  if (schema["x-kubernetes-int-or-string"]) return actual === "integer" || actual === "string";
  const { type } = schema;
  if (type === undefined || type === "") return true;
  return actual === type || (type === "number" && actual === "integer");
};

const checkType = (value: unknown, schema: JsonSchema, path: string): FieldError[] => {
  const actual = typeOf(value);
  if (actual === "null" && (schema.nullable || (!schema.type && !schema["x-kubernetes-int-or-string"]))) return [];
  if (!hasType(schema, actual))
    return [mustBeOfType(path, schema["x-kubernetes-int-or-string"] ? "integer,string" : (schema.type ?? ""), actual)];
  return typeof value === "string" && schema.format !== undefined && schema.format !== "" && !fitsFormat(schema.format, value)
    ? [mustBeOfType(path, schema.format, value)]
    : [];
};

const checkString = (value: string, schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const length = Array.from(value).length;
  if (schema.maxLength !== undefined && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength));
  if (schema.minLength !== undefined && length < schema.minLength)
    errors.push(invalidValue(path, value, says(path, `should be at least ${String(schema.minLength)} chars long`)));
  if (schema.pattern !== undefined && schema.pattern !== "" && compiledPattern(schema.pattern)?.matcher(value).find() === false)
    errors.push(invalidValue(path, value, says(path, `should match '${schema.pattern}'`)));
  return errors;
};

/** Whether a number is a multiple of another, forgiving what binary fractions lose. */
const isMultiple = (value: number, factor: number): boolean => {
  const quotient = value / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
};

const checkNumber = (value: number, schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const wrong = (words: string): void => void errors.push(invalidValue(path, value, says(path, words)));
  const { multipleOf, maximum, minimum } = schema;
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) wrong(`should be a multiple of ${String(multipleOf)}`);
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum))
    wrong(`should be less than${schema.exclusiveMaximum ? "" : " or equal to"} ${String(maximum)}`);
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum))
    wrong(`should be greater than${schema.exclusiveMinimum ? "" : " or equal to"} ${String(minimum)}`);
  return errors;
};

const checkEnum = (value: unknown, schema: JsonSchema, path: string): FieldError[] => {
  if (
    !schema.enum ||
    schema.enum.length === 0 ||
    (value === null && schema.nullable) ||
    schema.enum.some((allowed) => deepEqual(allowed, value))
  )
    return [];
  return [
    notSupported(
      path,
      value,
      schema.enum.map((allowed) => (typeof allowed === "string" ? allowed : JSON.stringify(allowed))),
    ),
  ];
};

/** What a schema says of a value with the help of other schemas (allOf, anyOf, oneOf, not). */
const checkJunctors = (value: unknown, old: Old, schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const fits = (each: JsonSchema): boolean => validate(value, old, each, path).length === 0;
  const wrong = (words: string): void =>
    void errors.push(invalidValue(path, "", `${path === "" ? "" : `${JSON.stringify(path)} `}${words}`));
  if (schema.anyOf && schema.anyOf.length > 0 && !schema.anyOf.some(fits)) {
    wrong("must validate at least one schema (anyOf)");
    errors.push(...bestOf(value, old, schema.anyOf, path));
  }
  if (schema.oneOf && schema.oneOf.length > 0) {
    const fitting = schema.oneOf.filter(fits).length;
    if (fitting !== 1) wrong(`must validate one and only one schema (oneOf). Found ${fitting === 0 ? "none" : String(fitting)} valid`);
    if (fitting === 0) errors.push(...bestOf(value, old, schema.oneOf, path));
  }
  if (schema.allOf && schema.allOf.length > 0) {
    const failing = schema.allOf.filter((each) => !fits(each));
    errors.push(...failing.flatMap((each) => validate(value, old, each, path)));
    if (failing.length === schema.allOf.length) wrong("must validate all the schemas (allOf). None validated");
    else if (failing.length > 0) wrong("must validate all the schemas (allOf)");
  }
  if (schema.not && fits(schema.not)) wrong("must not validate the schema (not)");
  return errors;
};

/** The errors of the alternative that was met best: the one with the fewest. */
const bestOf = (value: unknown, old: Old, schemas: readonly JsonSchema[], path: string): FieldError[] =>
  schemas.map((each) => validate(value, old, each, path)).reduce((best, errors) => (errors.length < best.length ? errors : best));

/** The value that stood there before, where it can be told; absent where the object is new or the place cannot be told. */
type Old = { readonly value: unknown } | undefined;

const oldMember = (old: Old, key: string): Old => {
  if (!old || !isMap(old.value)) return undefined;
  const value = own(old.value, key);
  return value === undefined ? undefined : { value };
};

const oldItem = (old: Old, schema: JsonSchema, item: unknown): Old => {
  const keys = schema["x-kubernetes-list-map-keys"];
  if (!old || !Array.isArray(old.value) || schema["x-kubernetes-list-type"] !== "map" || !keys || !isMap(item)) return undefined;
  const value = old.value.find(
    (other: unknown) => isMap(other) && keys.every((key) => deepEqual(own(other, key), own(item, key))),
  ) as unknown;
  return value === undefined ? undefined : { value };
};

const checkArray = (list: readonly unknown[], old: Old, schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const items = itemsOf(schema);
  if (items)
    for (const [at, item] of list.entries()) errors.push(...validate(item, oldItem(old, schema, item), items, `${path}[${String(at)}]`));
  if (schema.minItems !== undefined && list.length < schema.minItems)
    errors.push(invalidValue(path, list.length, says(path, `should have at least ${String(schema.minItems)} items`)));
  if (schema.maxItems !== undefined && list.length > schema.maxItems) errors.push(tooMany(path, list.length, schema.maxItems));
  return errors;
};

const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

const checkObject = (map: JsonMap, old: Old, schema: JsonSchema, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  const count = Object.keys(map).length;
  if (schema.minProperties !== undefined && count < schema.minProperties)
    errors.push(invalidValue(path, count, says(path, `should have at least ${String(schema.minProperties)} properties`)));
  if (schema.maxProperties !== undefined && count > schema.maxProperties) errors.push(tooMany(path, count, schema.maxProperties));
  for (const key of schema.required ?? []) if (!Object.hasOwn(map, key)) errors.push(required(below(path, key)));
  const additional = additionalOf(schema);
  for (const key of Object.keys(map)) {
    const property = own(schema.properties, key);
    if (property ?? additional) errors.push(...validate(map[key], oldMember(old, key), property ?? additional ?? {}, below(path, key)));
    else if (schema.additionalProperties === false)
      errors.push(invalidValue(below(path, key), "", says(below(path, key), "is a forbidden property")));
  }
  return errors;
};

const validate = (value: unknown, old: Old, schema: JsonSchema, path: string): FieldError[] => {
  if (old && deepEqual(value, old.value)) return [];
  const errors = [...checkType(value, schema, path), ...checkJunctors(value, old, schema, path)];
  if (typeof value === "string") errors.push(...checkString(value, schema, path));
  if (typeof value === "number") errors.push(...checkNumber(value, schema, path));
  if (Array.isArray(value)) errors.push(...checkArray(value, old, schema, path));
  errors.push(...checkEnum(value, schema, path));
  if (isMap(value)) errors.push(...checkObject(value, old, schema, path));
  return errors;
};

/**
 * What is wrong with a value under a schema, in kube-openapi's words. Parts that are just as they were before are not looked at again
 * (CRDValidationRatcheting).
 */
export const validateValue = (value: unknown, schema: JsonSchema, path: string, old?: { readonly value: unknown }): FieldError[] =>
  validate(value, old, schema, path);
