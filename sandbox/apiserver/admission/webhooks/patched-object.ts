import { internalError } from "../../../apimachinery/errors/constructors.ts";
import { StatusError } from "../../../apimachinery/errors/status.ts";
import type { AnyObject, Draft } from "../../../apimachinery/meta/types.ts";
import { applyJsonPatch } from "../../../apimachinery/patch/index.ts";
import { defaulted } from "../../registry/defaulting.ts";
import { asStored, type ResourceEntry } from "../../registry/entry.ts";
import { normalForm } from "../../registry/normal-form.ts";
import type { StrategyContext } from "../../registry/strategy.ts";

interface Step {
  readonly op?: string;
  readonly path?: string;
}

/** What is wrong with a step that cannot be taken. */
const problemOf = ({ op = "unknown", path = "" }: Step, error: StatusError): string =>
  op === "test"
    ? `testing value ${path} failed: test failed`
    : error.code === 422
      ? `${op} operation does not apply: doc is missing path: ${op === "replace" ? path : JSON.stringify(path)}: missing value`
      : error.message;

const stepsIn = (patch: string): readonly Step[] => {
  try {
    return JSON.parse(Buffer.from(patch, "base64").toString("utf8")) as readonly Step[];
  } catch (error) {
    throw internalError(error instanceof Error ? error.message : "");
  }
};

/**
 * What an object becomes by a webhook's patch, in the stored version, with defaults; undefined for a patch without steps. `shown` is the object
 * as the webhook was sent it. Throws InternalError.
 */
export const patchedObject = (
  shown: AnyObject,
  patch: string,
  entry: ResourceEntry,
  context: StrategyContext,
): Draft<AnyObject> | undefined => {
  const steps = stepsIn(patch);
  if (steps.length === 0) return undefined;
  let object: AnyObject = shown;
  for (const step of steps) {
    try {
      object = applyJsonPatch(object, [step]) as AnyObject;
    } catch (error) {
      throw error instanceof StatusError ? internalError(problemOf(step, error)) : error;
    }
  }
  const { object: normal, error } = normalForm(entry.schema, object, entry.custom !== undefined);
  if (error !== undefined) throw internalError(error);
  return asStored(entry, defaulted(entry, normal, context)) as Draft<AnyObject>;
};
