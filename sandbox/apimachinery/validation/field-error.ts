/** field.ErrorType of apimachinery: the reason of a cause in a Status. */
export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "InternalError"
  | "FieldValueTypeInvalid";

/** One thing wrong at one field. Paths are upstream's: `spec.containers[0].name`, `metadata.labels[a/b]`. */
export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  readonly detail: string;
  /** The value as it appears in the message; absent where the message shows none. */
  readonly value?: unknown;
  /** What stands in front of the detail, where it is not derived from the type and value (TooMany, NotSupported…). */
  readonly lead?: string;
}

/**
 * A value that shows just as it is written here: what has a String() of its own upstream (names of resources, paths),
 * and Go's `%#v` of lists and maps.
 */
export class GoText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Stands where the message shows no value at all (field.OmitValueType). */
export const omitted = new GoText("");

/** Go's `%q`: like JSON's form, but for control characters. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replaceAll(/\\u00([0-9a-f]{2})/g, (_, digits: string) =>
    digits === "07" ? "\\a" : digits === "0b" ? "\\v" : `\\x${digits}`,
  );

/** `[]string{"a", "b"}`; a list that is absent is `[]string(nil)`. */
export const goStrings = (values: readonly string[] | undefined): GoText =>
  new GoText(values ? `[]string{${values.map(quoted).join(", ")}}` : "[]string(nil)");

/** `map[string]string{"a":"b"}`, by key; a map that is absent is `map[string]string(nil)`. */
export const goStringMap = (values: Readonly<Record<string, string>> | undefined): GoText => {
  if (!values) return new GoText("map[string]string(nil)");
  const entries = Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  return new GoText(`map[string]string{${entries.map(([key, value]) => `${quoted(key)}:${quoted(value)}`).join(", ")}}`);
};

/** A value in Go's `%#v` manner, as field errors show it: strings quoted, objects as JSON, absent as `"null"`. */
const shown = (value: unknown): string => {
  if (value === undefined || value === null) return '"null"';
  if (value instanceof GoText) return value.text;
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return JSON.stringify(value);
};

const leads: Readonly<Record<FieldErrorType, string>> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  InternalError: "Internal error",
  FieldValueTypeInvalid: "Invalid value",
};

const showsNoValue: ReadonlySet<FieldErrorType> = new Set([
  "FieldValueRequired",
  "FieldValueForbidden",
  "FieldValueTooLong",
  "InternalError",
]);

/** The error in words, without the path: `Invalid value: "x": must be …`. */
export const messageOf = (error: FieldError): string => {
  const lead = error.lead ?? leads[error.type];
  const head = showsNoValue.has(error.type) || error.value === omitted ? lead : `${lead}: ${shown(error.value)}`;
  return error.detail === "" ? head : `${head}: ${error.detail}`;
};

export const required = (field: string, detail = ""): FieldError => ({ type: "FieldValueRequired", field, detail });
export const invalidValue = (field: string, value: unknown, detail: string): FieldError => ({
  type: "FieldValueInvalid",
  field,
  detail,
  value,
});
export const typeInvalid = (field: string, value: unknown, detail: string): FieldError => ({
  type: "FieldValueTypeInvalid",
  field,
  detail,
  value,
});
export const forbiddenField = (field: string, detail: string): FieldError => ({ type: "FieldValueForbidden", field, detail });
export const duplicate = (field: string, value: unknown): FieldError => ({ type: "FieldValueDuplicate", field, detail: "", value });
export const missing = (field: string, value: unknown): FieldError => ({ type: "FieldValueNotFound", field, detail: "", value });
export const internal = (field: string, detail: string): FieldError => ({ type: "InternalError", field, detail });

/** `supported values` are listed in order, quoted, as upstream does. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: "FieldValueNotSupported",
  field,
  value,
  detail: supported.length === 0 ? "" : `supported values: ${supported.map(quoted).join(", ")}`,
});

/** `most` in bytes. */
export const tooLong = (field: string, most: number): FieldError => ({
  type: "FieldValueTooLong",
  field,
  detail: most < 0 ? "value is too long" : `may not be more than ${most} bytes`,
});

export const tooMany = (field: string, actual: number, most: number): FieldError => ({
  type: "FieldValueTooMany",
  field,
  value: actual,
  detail: `must have at most ${most} items`,
});
