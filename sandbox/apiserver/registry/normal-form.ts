import { decodeValue } from "../../apimachinery/decode/decode.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { ResourceEntry } from "./entry.ts";
import { copyOf } from "./json.ts";
import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";

/** What came of bringing an object into the form that its kind has. */
export interface Normal {
  readonly object: Draft<AnyObject>;
  /** The first value of a wrong type, in Go's words. */
  readonly error?: string;
  /** `unknown field "spec.foo"`, where they are asked for. */
  readonly unknown: readonly string[];
}

/**
 * An object of its own, in the form in which Go prints one of its kind: unknown fields and empty values gone, structs that are always there there,
 * static defaults filled in. Custom resources are no structs: they are copied, their own strategy prunes them.
 */
export const normalForm = (schema: ObjectSchema, object: AnyObject, isCustom: boolean, strict = false): Normal => {
  if (isCustom) return { object: copyOf(object) as Draft<AnyObject>, unknown: [] };
  const { object: decoded, error, strict: unknown } = decodeValue(schema, { value: object }, strict);
  return { object: decoded as Draft<AnyObject>, ...(error !== undefined && { error }), unknown };
};

/**
 * What is stored of an object: the form in which Go prints it, whatever strategies and admission plugins left of it. Upstream encodes structs, which
 * cannot have another.
 */
export const printedForm = ({ schema, custom }: Pick<ResourceEntry, "schema" | "custom">, object: AnyObject): Draft<AnyObject> => {
  if (custom !== undefined) return object as Draft<AnyObject>;
  const { object: printed, error } = decodeValue(schema, { value: object }, false, "stored");
  return (error === undefined ? printed : object) as Draft<AnyObject>;
};
