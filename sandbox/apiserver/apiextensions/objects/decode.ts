import { decodeValue, unrecognized } from "../../../apimachinery/decode/decode.ts";
import { parseBody, UnreadableBody, type ParsedBody, type TextMediaType } from "../../../apimachinery/decode/parse-body.ts";
import { plainNumbers } from "../../../apimachinery/decode/json-reader.ts";
import { badRequest } from "../../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { ObjectSchema } from "../../../apimachinery/schema/schema.ts";
import { messageOf, invalidValue } from "../../../apimachinery/validation/field-error.ts";
import { additionalOf, isMap, itemsOf, own, type JsonMap, type JsonSchema } from "../schema/json-schema.ts";
import { prune } from "../schema/prune.ts";

export interface CustomBody {
  readonly body: Uint8Array;
  readonly mediaType: TextMediaType;
  readonly version: string;
  readonly kind: string;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
  /** The schema of a version of the kind; undefined for versions that it does not have. */
  readonly schemaOf: (apiVersion: string) => JsonSchema | undefined;
  /** ObjectMeta, as the release has it. */
  readonly metadata: ObjectSchema;
}

/** Takes anything, and counts its members: repeated ones are told. */
const anything: ObjectSchema = { kind: "object", fields: new Map(), required: new Set(), preserveUnknown: true };
const nothing: JsonSchema = { type: "object" };

const parsed = ({ body, mediaType, kind }: CustomBody): ParsedBody => {
  try {
    const result = parseBody(body, mediaType);
    if (isMap(result.value)) return result;
    throw new UnreadableBody(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${wordFor(result.value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  } catch (error) {
    if (error instanceof UnreadableBody) throw unrecognized(body, kind, error);
    throw error;
  }
};

const wordFor = (value: unknown): string =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : value === null ? "null" : typeof value;

/**
 * Decodes the body of a create or update of a custom kind: metadata is typed, everything else is as the client wrote it but for fields that the schema
 * does not know. Throws BadRequest in upstream's words.
 */
export const decodeCustom = (request: CustomBody): { readonly object: AnyObject; readonly warnings: readonly string[] } => {
  const { version, kind, fieldValidation, metadata } = request;
  const strict = fieldValidation !== "Ignore";
  const read = parsed(request);
  const refused = (why: string) => badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a ${kind}: ${why}`);
  const repeated = strict
    ? [...read.repeated, ...decodeValue(anything, read, true).strict.filter((words) => words.startsWith("duplicate"))]
    : [];
  const value = plainNumbers(read.value) as JsonMap;
  const typed = typedMetadata(own(value, "metadata"), metadata, strict);
  if ("error" in typed) throw refused(typed.error);
  const schema = request.schemaOf(typeof value["apiVersion"] === "string" ? value["apiVersion"] : "") ?? nothing;
  const embedded = embeddedProblem(value, schema, "", metadata);
  if (embedded !== undefined) throw refused(embedded);
  const dropped: string[] = [];
  const pruned = prune(value, schema, dropped);
  const surprises = [...repeated, ...typed.strict, ...dropped.map((path) => `unknown field ${JSON.stringify(path)}`)];
  if (fieldValidation === "Strict" && surprises.length > 0) throw refused(`strict decoding error: ${surprises.join(", ")}`);
  return { object: { ...pruned, metadata: typed.metadata }, warnings: fieldValidation === "Warn" ? surprises : [] };
};

const typedMetadata = (
  value: unknown,
  schema: ObjectSchema,
  strict: boolean,
): { readonly metadata: AnyObject["metadata"]; readonly strict: readonly string[] } | { readonly error: string } => {
  if (value === undefined || value === null) return { metadata: {}, strict: [] };
  const { object, error, strict: surprises } = decodeValue(schema, { value }, strict);
  if (error !== undefined) return { error };
  const { creationTimestamp, ...rest } = object;
  const metadata = creationTimestamp === null || creationTimestamp === undefined ? rest : object;
  return {
    metadata: metadata,
    strict: surprises.map((words) => words.replace(/^(unknown|duplicate) field "/, '$1 field "metadata.')),
  };
};

/** What is wrong with the identity of an embedded object (schemaobjectmeta.Coerce); undefined where nothing is. */
const embeddedProblem = (value: unknown, schema: JsonSchema, path: string, metadata: ObjectSchema): string | undefined => {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items && first(value, (item, at) => embeddedProblem(item, items, `${path}[${String(at)}]`, metadata));
  }
  if (!isMap(value)) return undefined;
  if (schema["x-kubernetes-embedded-resource"] && path !== "") {
    for (const key of ["apiVersion", "kind"]) {
      const name = own(value, key);
      if (name !== undefined && typeof name !== "string")
        return `${path}.${key}: ${messageOf(invalidValue(`${path}.${key}`, name, "must be a string"))}`;
    }
    const inner = typedMetadata(own(value, "metadata"), metadata, false);
    if ("error" in inner) return `${path}.metadata: ${messageOf(invalidValue(`${path}.metadata`, own(value, "metadata"), inner.error))}`;
  }
  const additional = additionalOf(schema);
  return first(Object.keys(value), (key) => {
    const property = own(schema.properties, key);
    if (property) return embeddedProblem(value[key], property, path === "" ? key : `${path}.${key}`, metadata);
    return additional && embeddedProblem(value[key], additional, `${path}[${key}]`, metadata);
  });
};

const first = <T>(items: readonly T[], look: (item: T, at: number) => string | undefined): string | undefined => {
  for (const [at, item] of items.entries()) {
    const found = look(item, at);
    if (found !== undefined) return found;
  }
  return undefined;
};
