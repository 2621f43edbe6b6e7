import type { Draft } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { DecodeError } from "../errors/decode-error.ts";
import { DecodeRun, type ObjectForm } from "./decode-run.ts";
import { objectDecoder } from "./decoder.ts";
import type { ParsedBody } from "./parse-body.ts";
import type { Decode } from "./scalar-decoders.ts";

export interface DecodedValue {
  readonly object: Draft<Record<string, unknown>>;
  /** The first value of a wrong type or form, in Go's words; the object is then not to be used. */
  readonly error?: string;
  /** Where that value is: `.spec.replicas`. */
  readonly errorPath?: string;
  /** `unknown field "spec.foo"`, `duplicate field "x"`. */
  readonly strict: readonly string[];
}

/** Decodes a value that is JSON already (a patched object, an apply configuration) into what Go would print of it. The value is not changed. */
export const decodeValue = (
  schema: ObjectSchema,
  parsed: Pick<ParsedBody, "value" | "reread" | "members" | "places">,
  strict: boolean,
  form: ObjectForm = "sent",
): DecodedValue => {
  const run = new DecodeRun(strict, form, parsed.places, parsed.reread !== undefined);
  try {
    const object = decoderFor(schema)(parsed.value ?? {}, run) as Draft<Record<string, unknown>> | undefined;
    if (run.typeError !== undefined || object === undefined)
      return { object: {}, error: run.typeError ?? "", errorPath: run.typeErrorPath, strict: [] };
    if (parsed.reread !== undefined && parsed.members !== run.members) return decodeValue(schema, parsed.reread(), strict, form);
    return { object, strict: run.strictErrors };
  } catch (error) {
    if (error instanceof DecodeError) return { object: {}, error: error.message, errorPath: run.path.join(""), strict: [] };
    throw error;
  }
};

const decoders = new WeakMap<ObjectSchema, Decode>();

const decoderFor = (schema: ObjectSchema): Decode => {
  const known = decoders.get(schema);
  if (known !== undefined) return known;
  const decoder = objectDecoder(schema, schema.name?.split(".").slice(-2).join("."));
  decoders.set(schema, decoder);
  return decoder;
};
