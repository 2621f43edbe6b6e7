import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import { additionalOf, itemsOf, type JsonSchema } from "../schema/json-schema.ts";
import { pruneValue } from "../schema/prune.ts";
import { validateEmbedded } from "../schema/embedded.ts";
import { validateValue } from "../schema/validate-value.ts";

const errorsOf = (schema: JsonSchema, path: string): FieldError[] => {
  const { default: value } = schema;
  if (value === undefined || value === null) return [];
  const where = `${path}.default`;
  const errors = deepEqual(pruneValue(value, schema), value) ? [] : [invalidValue(where, value, "must not have unspecified fields")];
  const embedded = validateEmbedded(value, schema, where);
  if (embedded.length > 0) return [...errors, ...embedded];
  return [
    ...errors,
    ...validateValue(value, schema, "").map((error) => ({
      ...error,
      field: error.field === "" ? where : `${where}${error.field.startsWith("[") ? "" : "."}${error.field}`,
    })),
  ];
};

/** Defaults must fit their own schemas and hold nothing that would be pruned (ValidateDefaults). */
export const defaultErrors = (schema: JsonSchema, path: string): FieldError[] => {
  const items = itemsOf(schema);
  const additional = additionalOf(schema);
  return [
    ...errorsOf(schema, path),
    ...(items ? defaultErrors(items, `${path}.items`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => defaultErrors(property, `${path}.properties[${name}]`)),
    ...(additional ? defaultErrors(additional, `${path}.additionalProperties`) : []),
  ];
};
