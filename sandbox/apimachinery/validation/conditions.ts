import { duplicate, invalidValue, notSupported, required, tooLong, type FieldError } from "./field-error.ts";
import { addInvalid, bytesOf } from "./fields.ts";
import { isQualifiedName, patternSentence } from "./names.ts";

/** metav1.Condition, as it comes in. */
interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

const statuses = ["False", "True", "Unknown"];
const reasonPattern = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const reason = new RegExp(`^${reasonPattern}$`);
const longestReason = 1024;
const longestMessage = 32 * 1024;

/** ValidateConditions: each type once. */
export const addConditionErrors = (errors: FieldError[], conditions: readonly Condition[] | undefined, path: string): void => {
  const types = new Map<string, number>();
  for (const [at, condition] of (conditions ?? []).entries()) {
    const type = condition.type ?? "";
    if (types.has(type)) errors.push(duplicate(`${path}[${at}].type`, type));
    types.set(type, at);
    addOneErrors(errors, condition, `${path}[${at}]`);
  }
};

/** ValidateCondition. */
const addOneErrors = (
  errors: FieldError[],
  { type = "", status = "", observedGeneration = 0, lastTransitionTime, reason: why = "", message = "" }: Condition,
  path: string,
): void => {
  addInvalid(errors, `${path}.type`, type, isQualifiedName(type));
  if (!statuses.includes(status)) errors.push(notSupported(`${path}.status`, status, statuses));
  if (observedGeneration < 0)
    errors.push(invalidValue(`${path}.observedGeneration`, observedGeneration, "must be greater than or equal to zero"));
  if (!lastTransitionTime) errors.push(required(`${path}.lastTransitionTime`, "must be set"));
  if (bytesOf(why) > longestReason) errors.push(tooLong(`${path}.reason`, longestReason));
  else if (why === "") errors.push(required(`${path}.reason`, "must be set"));
  else if (!reason.test(why))
    errors.push(
      invalidValue(
        `${path}.reason`,
        why,
        patternSentence(
          "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
          reasonPattern,
          "my_name",
          "MY_NAME",
          "MyName",
          "ReasonA,ReasonB",
          "ReasonA:ReasonB",
        ),
      ),
    );
  if (bytesOf(message) > longestMessage) errors.push(tooLong(`${path}.message`, longestMessage));
};
