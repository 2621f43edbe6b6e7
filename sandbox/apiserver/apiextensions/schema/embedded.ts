import { required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { validateObjectMeta } from "../../../apimachinery/validation/object-meta.ts";
import type { ObjectMeta } from "../../../apimachinery/meta/types.ts";
import { nameIsPathSegment } from "../../../apimachinery/validation/names.ts";
import { additionalOf, isMap, itemsOf, own, type JsonMap, type JsonSchema } from "./json-schema.ts";

const checkResource = (value: JsonMap, path: string): FieldError[] => {
  const errors: FieldError[] = [];
  for (const key of ["apiVersion", "kind"])
    if ((own(value, key) ?? "") === "") errors.push(required(`${path}.${key}`, "must not be empty"));
  const metadata = own(value, "metadata");
  if (isMap(metadata)) errors.push(...metadataErrors(metadata, `${path}.metadata`));
  return errors;
};

/** Metadata of an embedded object may lack a name, and may have a namespace. */
const metadataErrors = (metadata: JsonMap, path: string): FieldError[] => {
  const named = { ...metadata, name: own(metadata, "name") ?? "embedded" } as ObjectMeta;
  return validateObjectMeta(named, Boolean(named.namespace), nameIsPathSegment, { path });
};

/** What is wrong with objects inside a custom object (`x-kubernetes-embedded-resource`). */
export const validateEmbedded = (value: unknown, schema: JsonSchema, path: string): FieldError[] => {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? value.flatMap((item: unknown, at) => validateEmbedded(item, items, `${path}[${String(at)}]`)) : [];
  }
  if (!isMap(value)) return [];
  const errors = schema["x-kubernetes-embedded-resource"] && path !== "" ? checkResource(value, path) : [];
  const additional = additionalOf(schema);
  for (const key of Object.keys(value)) {
    const property = own(schema.properties, key);
    if (property) errors.push(...validateEmbedded(value[key], property, path === "" ? key : `${path}.${key}`));
    else if (additional) errors.push(...validateEmbedded(value[key], additional, `${path}[${key}]`));
  }
  return errors;
};
