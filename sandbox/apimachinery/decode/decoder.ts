import type { DecodeRun } from "./decode-run.ts";
import { NumberLiteral, plainNumbers } from "./json-reader.ts";
import { scalarDecoder, type Decode } from "./scalar-decoders.ts";
import type { AnySchema, ListSchema, MapSchema, ObjectSchema, Schema } from "../schema/schema.ts";
import { alwaysPrinted, zeroStruct, zeroValueOf } from "../schema/zero-value.ts";

interface FieldDecoder {
  readonly name: string;
  /** `.name`. */
  readonly step: string;
  readonly decode: Decode;
  /** Whether Go leaves a zero value out. */
  readonly dropsZero: boolean;
  /** Whether an empty list becomes no list in storage. */
  readonly dropsEmptyList: boolean;
}

interface StructDecoder {
  readonly fields: ReadonlyMap<string, FieldDecoder>;
  readonly always: readonly (readonly [string, () => unknown])[];
  readonly defaults: readonly (readonly [string, unknown])[];
}

const structs = new WeakMap<object, StructDecoder>();

/**
 * The decoder of a built-in kind: a new object with the known fields only, as Go would print it after decoding: nulls and omitted zeros
 * gone, structs that are no pointers there, static defaults set. Compiled once for a schema.
 */
export const objectDecoder = (schema: ObjectSchema, type = ""): Decode => {
  const structName = schema.name?.split(".").at(-1) ?? "";
  let decoder: StructDecoder | undefined;
  return (value, run) => {
    if (!isObject(value)) return run.wrongType(value, type);
    decoder ??= structDecoder(schema);
    return decodeStruct(decoder, structName, value, run);
  };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral);

/** Schemas of fields share the map of fields with the schema that they are of. */
const structDecoder = (schema: ObjectSchema): StructDecoder => {
  const known = structs.get(schema.fields);
  if (known !== undefined) return known;
  const decoder: StructDecoder = {
    fields: new Map([...schema.fields].map(([name, field]) => [name, fieldDecoder(name, field, !storedAsJson.test(schema.name ?? ""))])),
    always: alwaysPrinted(schema),
    defaults: [...schema.fields].flatMap(([name, field]) => (isPrintedDefault(field) ? [[name, field.default] as const] : [])),
  };
  structs.set(schema.fields, decoder);
  return decoder;
};

/** A default that is Go's zero value is left out again. */
const isPrintedDefault = ({ default: value, go }: Schema): boolean =>
  value !== undefined && !(isZero(value) && go?.omitEmpty === true && !go.pointer);

/** Kinds which upstream stores as JSON. */
const storedAsJson = /\.(?:apiextensions|apiregistration)\.v\d/;

const fieldDecoder = (name: string, schema: Schema, storedAsProtobuf: boolean): FieldDecoder => ({
  name,
  step: `.${name}`,
  decode: decoderOf(schema, schema.go?.type ?? ""),
  // An empty list of managers is a request to forget them all, and no list is none.
  dropsZero: schema.go !== undefined && schema.go.omitEmpty && !schema.go.pointer && name !== "managedFields",
  dropsEmptyList: storedAsProtobuf && schema.go?.omitEmpty === false,
});

const decodeStruct = (
  { fields, always, defaults }: StructDecoder,
  structName: string,
  value: Record<string, unknown>,
  run: DecodeRun,
): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  const outer = run.struct;
  const names = Object.keys(value);
  run.members += names.length;
  run.repeatedFields(value);
  for (const name of names) {
    const field = fields.get(name);
    const item = value[name];
    if (field === undefined) {
      run.unknownField(value, name);
      if (run.counts && typeof item === "object") countMembers(item, run);
      continue;
    }
    if (item === null || item === undefined) continue;
    run.fields.push(name);
    run.path.push(field.step);
    run.struct = structName;
    const decoded = field.decode(item, run);
    run.fields.pop();
    run.path.pop();
    if (
      decoded === undefined ||
      (field.dropsZero && isZero(decoded)) ||
      (run.form === "stored" && field.dropsEmptyList && isEmptyList(decoded))
    )
      continue;
    object[name] = decoded;
  }
  run.struct = outer;
  for (const [name, zero] of always) if (object[name] === undefined) object[name] = zero();
  for (const [name, byDefault] of defaults) if (object[name] === undefined || object[name] === "") object[name] = byDefault;
  return object;
};

/** Go's zero values, of which omitempty says nothing; empty lists and maps too. Structs are never empty to Go. */
const isZero = (value: unknown): boolean => value === "" || value === 0 || value === false || isEmptyList(value);

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Every value's decoder. Recursion through structs is broken by compiling them late. */
export const decoderOf = (schema: Schema, type: string): Decode => {
  switch (schema.kind) {
    case "object":
      return objectDecoder(schema, type);
    case "map":
      return mapDecoder(schema, type);
    case "list":
      return listDecoder(schema, type);
    case "scalar":
      return scalarDecoder(schema, type);
    case "any":
      return anyDecoder(schema);
  }
};

/** The zero value of a list's item or a map's value: these are no pointers. */
const zeroItem = (schema: Schema): (() => unknown) => {
  if (schema.kind === "object") return zeroStruct(schema);
  if (schema.kind === "scalar" && schema.type === "bytes") return () => "";
  return zeroValueOf({ ...schema, go: { type: "", pointer: false, omitEmpty: false } }) ?? (() => null);
};

const mapDecoder = (schema: MapSchema, type: string): Decode => {
  const decode = decoderOf(schema.values, itemType(type, schema.values));
  const zero = zeroItem(schema.values);
  const mayBeEmpty = schema.go?.omitEmpty === false;
  return (value, run) => {
    if (!isObject(value)) return run.wrongType(value, type);
    const map: Record<string, unknown> = {};
    const names = Object.keys(value);
    run.members += names.length;
    run.repeatedFields(value);
    for (const name of names) {
      const item = value[name];
      run.path.push(`.${name}`);
      const decoded = item === null ? zero() : decode(item, run);
      run.path.pop();
      // A name such as __proto__ must become a member like any other.
      if (name === "__proto__") Object.defineProperty(map, name, { value: decoded, enumerable: true, configurable: true, writable: true });
      else map[name] = decoded;
    }
    return names.length === 0 && !mayBeEmpty && schema.go !== undefined && !schema.go.pointer ? undefined : map;
  };
};

const listDecoder = (schema: ListSchema, type: string): Decode => {
  const decode = decoderOf(schema.items, itemType(type, schema.items));
  const zero = zeroItem(schema.items);
  return (value, run) => {
    if (!Array.isArray(value)) return run.wrongType(value, type);
    return value.map((item: unknown, index) => {
      if (item === null) return zero();
      run.path.push(`[${String(index)}]`);
      const decoded = decode(item, run);
      run.path.pop();
      return decoded;
    });
  };
};

/** `[]v1.Container` → `v1.Container`, `map[string]string` → `string`; a named type says nothing of its items. */
const itemType = (type: string, items: Schema): string => {
  const inner = /^(?:\[\]|map\[[\w.]+\])(.*)$/.exec(type)?.[1];
  if (inner !== undefined) return inner;
  return items.kind === "object"
    ? (items.name?.split(".").slice(-2).join(".") ?? "")
    : items.kind === "scalar" && items.type === "integer"
      ? (items.format ?? "int64")
      : "string";
};

/** Types that decode themselves: their content is not looked into, unless it is one of a few schemas. */
const anyDecoder = ({ name, oneOf }: AnySchema): Decode => {
  if (oneOf === undefined)
    return (value, run) => {
      if (run.counts) countMembers(value, run);
      return run.hasLiterals ? plainNumbers(value) : value;
    };
  const decoders = oneOf.map((schema) => ({ kind: schema.kind, decode: decoderOf(schema, name?.split(".").slice(-2).join(".") ?? "") }));
  return (value, run) => {
    const kind = Array.isArray(value) ? "list" : isObject(value) ? "object" : typeof value === "boolean" ? "scalar" : "none";
    const decoder = decoders.find((each) => each.kind === kind);
    return decoder === undefined ? run.wrongType(value, "v1.JSONSchemaProps") : decoder.decode(value, run);
  };
};

const countMembers = (value: unknown, run: DecodeRun): void => {
  if (typeof value !== "object" || value === null || value instanceof NumberLiteral) return;
  if (Array.isArray(value)) {
    for (const item of value) countMembers(item, run);
    return;
  }
  const items = Object.values(value);
  run.members += items.length;
  for (const item of items) countMembers(item, run);
};
