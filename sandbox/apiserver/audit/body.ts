import { parse } from "yaml";
import { decodeValue } from "../../apimachinery/decode/decode-value.ts";
import { readBody } from "../../apimachinery/decode/read-body.ts";
import type { SchemaSource } from "../../apimachinery/schema/schema.ts";
import type { HttpResponse } from "../server/http.ts";
import { mediaTypeOf } from "../server/media-types.ts";

/** The object in Kubernetes' binary form; undefined for kinds that have none. May throw. */
export type ReadBinary = (bytes: Uint8Array) => unknown;

/** Reads what the schemas of a release know. */
export const binaryReader =
  (schemas: SchemaSource): ReadBinary =>
  (bytes) => {
    const read = readBody(bytes, "application/vnd.kubernetes.protobuf", { group: "", version: "", kind: "" });
    const apiVersion = read.group === "" ? read.version : `${read.group}/${read.version}`;
    const schema = schemas.schemaOf(apiVersion, read.kind);
    return schema && { kind: read.kind, apiVersion, ...decodeValue(schema, read.parsed(schema), false).object };
  };

/** The object that a body holds; undefined where it holds none that can be read. */
export const objectOf = (body: HttpResponse["body"], contentType: string, readBinary: ReadBinary): unknown => {
  if (body === undefined || (typeof body !== "string" && !(body instanceof Uint8Array))) return undefined;
  const type = mediaTypeOf(contentType);
  try {
    if (type === "application/vnd.kubernetes.protobuf") return typeof body === "string" ? undefined : readBinary(body);
    const text = typeof body === "string" ? body : Buffer.from(body).toString("utf8");
    if (type.endsWith("yaml")) return parse(text, { maxAliasCount: 100 }) as unknown;
    return type.endsWith("json") || type === "" ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
};

/** An object, or a list's items, without who owns which field. */
export const withoutManagedFields = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  const { metadata, items } = value;
  const bare = isObject(metadata) && "managedFields" in metadata ? { ...value, metadata: without(metadata) } : value;
  return Array.isArray(items) ? { ...bare, items: items.map(withoutManagedFields) } : bare;
};

const without = ({ managedFields: _managed, ...metadata }: Readonly<Record<string, unknown>>): object => metadata;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
