import type { ObjectSchema, Schema } from "./schema.ts";

/**
 * How Go prints a field that nobody set: `undefined` where it is left out, else null, `""`, 0, false, or the struct with what it always
 * prints. Structs which are no pointers are there even when empty.
 */
export const zeroValueOf = (schema: Schema): (() => unknown) | undefined => {
  const { go } = schema;
  if (go === undefined) return undefined;
  if (go.pointer) return go.omitEmpty ? undefined : () => null;
  if (schema.kind === "object") return zeroStruct(schema);
  if (schema.kind === "scalar" && schema.type === "quantity") return () => "0";
  if (schema.kind === "scalar" && (schema.type === "time" || schema.type === "micro-time")) return () => null;
  if (schema.kind === "scalar" && schema.type === "int-or-string") return () => 0;
  if (schema.kind === "any") return () => null;
  if (go.omitEmpty) return undefined;
  if (schema.kind !== "scalar" || schema.type === "bytes") return () => null;
  if (schema.type === "string" || schema.type === "duration") return () => "";
  return schema.type === "boolean" ? () => false : () => 0;
};

/** What an empty struct prints. Made when first needed, since structs may refer to themselves. */
export const zeroStruct = (schema: ObjectSchema): (() => Record<string, unknown>) => {
  let always: readonly (readonly [string, () => unknown])[] | undefined;
  return () => {
    always ??= alwaysPrinted(schema);
    const object: Record<string, unknown> = {};
    for (const [name, zero] of always) object[name] = zero();
    return object;
  };
};

/** The fields that are in the JSON of a struct whatever is set. */
export const alwaysPrinted = ({ fields }: ObjectSchema): readonly (readonly [string, () => unknown])[] =>
  [...fields].flatMap(([name, field]) => {
    const zero = zeroValueOf(field);
    return zero === undefined ? [] : [[name, zero] as const];
  });
