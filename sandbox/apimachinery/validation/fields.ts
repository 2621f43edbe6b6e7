import { isSemanticallyEqual } from "../equality/equality.ts";
import { invalidValue, type FieldError } from "./field-error.ts";

/** Adds one Invalid error a sentence: what a name rule answered about a value. */
export const addInvalid = (errors: FieldError[], field: string, value: unknown, sentences: readonly string[]): void => {
  for (const sentence of sentences) errors.push(invalidValue(field, value, sentence));
};

export const isNegativeSentence = "must be greater than or equal to 0";
export const isNotPositiveSentence = "must be greater than zero";
export const isImmutableSentence = "field is immutable";

/** ValidateNonnegativeField. Absent is zero. */
export const addNonnegative = (errors: FieldError[], field: string, value: number | undefined): void => {
  if (value !== undefined && value < 0) errors.push(invalidValue(field, value, isNegativeSentence));
};

/** ValidateImmutableField. `shown` is what the message shows instead of the new value. */
export const addImmutable = (errors: FieldError[], field: string, next: unknown, previous: unknown, shown: unknown = next): void => {
  if (!isSemanticallyEqual(next, previous)) errors.push(invalidValue(field, shown, isImmutableSentence));
};

/** Bytes of the text in UTF-8: Go's `len`. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, "utf8");

/** What a map has under a key that a client chose, which may be `constructor`. */
export const entryOf = <T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  map && Object.hasOwn(map, key) ? map[key] : undefined;
