import type { AnyObject, Draft } from "../../../apimachinery/meta/types.ts";
import type { CustomResourceDefinition, DefinitionVersion } from "../definition/definition.ts";
import { withDefaults } from "../schema/defaults.ts";
import type { JsonSchema } from "../schema/json-schema.ts";
import { prune } from "../schema/prune.ts";

/** One version of a custom resource: how its objects are brought into form. */
export interface CustomVersion {
  readonly definition: CustomResourceDefinition;
  readonly version: DefinitionVersion;
  /** Absent where anything goes: the definition preserves unknown fields. */
  readonly schema: JsonSchema;
  readonly hasStatus: boolean;
}

/** What a version without a schema lets through. */
const anything: JsonSchema = { "type": "object", "x-kubernetes-preserve-unknown-fields": true };

export const customVersion = (definition: CustomResourceDefinition, version: DefinitionVersion): CustomVersion => {
  const schema = version.schema?.openAPIV3Schema ?? anything;
  return {
    definition,
    version,
    schema: definition.spec.preserveUnknownFields ? { ...schema, "x-kubernetes-preserve-unknown-fields": true } : schema,
    hasStatus: version.subresources?.status !== undefined,
  };
};

/** An object with its unknown fields gone and its defaults filled in; the same object where there is nothing to do. */
export const inForm = (object: AnyObject, { schema }: CustomVersion): AnyObject => {
  const { apiVersion, kind, metadata, ...content } = object;
  const kept = prune(content, schema);
  const full = withDefaults(kept, withoutMeta(schema)) as typeof content;
  return full === content
    ? object
    : { ...(apiVersion !== undefined && { apiVersion }), ...(kind !== undefined && { kind }), metadata, ...full };
};

const bare = new WeakMap<JsonSchema, JsonSchema>();

/** The schema without what every object has: nobody fills in an object's identity. */
const withoutMeta = (schema: JsonSchema): JsonSchema => {
  let result = bare.get(schema);
  if (!result) {
    const properties = Object.fromEntries(
      Object.entries(schema.properties ?? {}).filter(([name]) => !["metadata", "kind", "apiVersion"].includes(name)),
    );
    result = { ...schema, properties };
    bare.set(schema, result);
  }
  return result;
};

const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);

/** Metadata is typed: what is empty is not there. An empty list of managedFields is kept, it asks that ownership be forgotten. */
const tidyMetadata = ({ metadata }: Draft<AnyObject>): void => {
  for (const key of Object.keys(metadata))
    if (key !== "managedFields" && isNothing(metadata[key as keyof typeof metadata])) Reflect.deleteProperty(metadata, key);
};

/** The same, in place. */
export const bringIntoForm = (draft: Draft<AnyObject>, version: CustomVersion): void => {
  tidyMetadata(draft);
  const formed = inForm(draft, version);
  if (formed === draft) return;
  for (const key of Object.keys(draft)) if (!Object.hasOwn(formed, key)) Reflect.deleteProperty(draft, key);
  Object.assign(draft, formed);
};
