import type { AnyObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { goText } from "./go-text.ts";
import { invalidPatch, strictMessage } from "./refusals.ts";
import { restore, RestoreError } from "./restore.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

export interface StrategicPatch {
  /** The object in the version of the request. */
  readonly object: AnyObject;
  readonly body: unknown;
  readonly schema: ObjectSchema;
  readonly fieldValidation: "Ignore" | "Warn" | "Strict";
  /** What was already odd about the bytes of the patch: duplicate fields. */
  readonly surprises?: readonly string[];
}

/**
 * Applies a strategic merge patch and brings the result into the kind's form. Answers the object, still without defaults, and what to warn of. Throws
 * BadRequest, 422 with the patch in Go's words where the result is no such object, or where it holds unknown fields and validation is strict.
 */
export const patchStrategically = ({
  object,
  body,
  schema,
  fieldValidation,
  surprises = [],
}: StrategicPatch): { readonly object: AnyObject; readonly warnings: readonly string[] } => {
  const patched = applyStrategicMergePatch(object, body, schema);
  try {
    const { object: result, unknown } = restore(patched, schema);
    const odd = fieldValidation === "Ignore" ? [] : [...surprises, ...unknown];
    if (fieldValidation === "Strict" && odd.length > 0) throw invalidPatch(goText(body), strictMessage(odd));
    return { object: result as AnyObject, warnings: odd };
  } catch (error) {
    if (error instanceof RestoreError) throw invalidPatch(goText(body), error.message);
    throw error;
  }
};
