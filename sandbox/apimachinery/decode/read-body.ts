import { readEnvelope, readStruct } from "../protobuf/envelope.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { kindOfBody, type GroupVersionKind } from "./body-kind.ts";
import { DecodeError } from "../errors/decode-error.ts";
import { parseBody, UnreadableBody, type ParsedBody, type TextMediaType } from "./parse-body.ts";

export type BodyMediaType = TextMediaType | "application/vnd.kubernetes.protobuf";

/** A body of which the kind is known. */
export interface ReadBody extends GroupVersionKind {
  /** Repeated members of YAML maps. */
  readonly repeated: readonly string[];
  /** The JSON value; protobuf can be read by schema only. Throws DecodeError. */
  parsed(schema: ObjectSchema): ParsedBody;
}

/** Reads a body as far as its kind, which may be left to the expected one. Throws UnreadableBody. */
export const readBody = (body: Uint8Array, mediaType: BodyMediaType, expected: GroupVersionKind): ReadBody =>
  mediaType === "application/vnd.kubernetes.protobuf" ? readProtobuf(body, expected) : readText(body, mediaType, expected);

const readText = (body: Uint8Array, mediaType: TextMediaType, expected: GroupVersionKind): ReadBody => {
  const parsed = parseBody(body, mediaType);
  return { ...kindOfBody(parsed.value, expected), repeated: parsed.repeated, parsed: () => parsed };
};

const readProtobuf = (body: Uint8Array, expected: GroupVersionKind): ReadBody => {
  try {
    const { raw, ...type } = readEnvelope(body);
    return { ...kindOfBody(type, expected), repeated: [], parsed: (schema) => ({ value: readStruct(schema, raw), repeated: [] }) };
  } catch (error) {
    throw error instanceof DecodeError ? new UnreadableBody(error.message) : error;
  }
};
