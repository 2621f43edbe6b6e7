import type { Toleration } from "../../../../api/types.ts";
import { invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isQualifiedName, isValidLabelValue } from "../../../../apimachinery/validation/names.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** validateTaintEffect. */
export const addTaintEffectErrors = (errors: FieldError[], effect: string | undefined, path: string): void => {
  if (!effect) errors.push(required(path));
  else if (!effects.includes(effect)) errors.push(notSupported(path, effect, effects));
};

/** ValidateTolerations. */
export const addTolerationErrors = (errors: FieldError[], tolerations: readonly Toleration[], path: string): void => {
  for (const [at, { key = "", operator = "", value = "", effect = "", tolerationSeconds }] of tolerations.entries()) {
    const field = `${path}[${at}]`;
    if (key !== "") addInvalid(errors, `${field}.key`, key, isQualifiedName(key));
    else if (operator !== "Exists")
      errors.push(
        invalidValue(
          `${field}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    if (tolerationSeconds !== undefined && effect !== "NoExecute")
      errors.push(invalidValue(`${field}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
    if (operator === "Equal" || operator === "") {
      const sentences = isValidLabelValue(value);
      if (sentences.length > 0) errors.push(invalidValue(`${field}.operator`, value, sentences.join(";")));
    } else if (operator !== "Exists") errors.push(notSupported(`${field}.operator`, operator, ["Equal", "Exists"]));
    else if (value !== "") errors.push(invalidValue(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    if (effect !== "") addTaintEffectErrors(errors, effect, `${field}.effect`);
  }
};
