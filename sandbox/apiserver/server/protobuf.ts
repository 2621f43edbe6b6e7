import { encodeProtobuf } from "../../apimachinery/protobuf/envelope.ts";
import { watchFrame } from "../../apimachinery/protobuf/watch-frame.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { SchemaSource } from "../../apimachinery/schema/schema.ts";

/** Kubernetes' binary form, of the kinds that have one: built-in ones, lists and Status. */
export interface ProtobufEncoder {
  /** Undefined where the kind has none: custom resources, tables. */
  object(object: AnyObject): Uint8Array | undefined;
  /** An event of a watch. */
  frame(type: string, object: AnyObject): Uint8Array | undefined;
}

export const protobufEncoder = (schemas: SchemaSource): ProtobufEncoder => {
  const object = (each: AnyObject): Uint8Array | undefined => {
    const schema = schemas.schemaOf(each.apiVersion ?? "", each.kind ?? "");
    return schema && encodeProtobuf(schema, each);
  };
  return {
    object,
    frame(type, each) {
      const bytes = object(each);
      return bytes && watchFrame(type, bytes);
    },
  };
};
