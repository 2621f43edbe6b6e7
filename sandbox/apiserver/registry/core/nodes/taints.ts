import type { Taint } from "../../../../api/types.ts";
import { duplicate, invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, isValidLabelValue } from "../../../../apimachinery/validation/names.ts";
import { addTaintEffectErrors } from "../podspec/tolerations.ts";

/** validateNodeTaints: a key repels in each manner once. */
export const addTaintErrors = (errors: FieldError[], taints: readonly Taint[], path: string): void => {
  const seen = new Set<string>();
  for (const [at, taint] of taints.entries()) {
    const { key = "", value = "", effect = "" } = taint;
    addInvalid(errors, `${path}[${at}].key`, key, isQualifiedName(key));
    const sentences = isValidLabelValue(value);
    if (sentences.length > 0) errors.push(invalidValue(`${path}[${at}].value`, value, sentences.join(";")));
    addTaintEffectErrors(errors, effect, `${path}[${at}].effect`);
    if (seen.has(`${key}:${effect}`))
      errors.push({ ...duplicate(`${path}[${at}]`, taint), detail: "taints must be unique by key and effect pair" });
    seen.add(`${key}:${effect}`);
  }
};
