/** JSONSchemaProps of a CustomResourceDefinition: the part of OpenAPI v3 that Kubernetes takes, and its own extensions. */
export interface JsonSchema {
  readonly "$ref"?: string;
  readonly "id"?: string;
  readonly "type"?: string;
  readonly "format"?: string;
  readonly "title"?: string;
  readonly "description"?: string;
  readonly "default"?: unknown;
  readonly "nullable"?: boolean;
  readonly "maximum"?: number;
  readonly "exclusiveMaximum"?: boolean;
  readonly "minimum"?: number;
  readonly "exclusiveMinimum"?: boolean;
  readonly "multipleOf"?: number;
  readonly "maxLength"?: number;
  readonly "minLength"?: number;
  readonly "pattern"?: string;
  readonly "maxItems"?: number;
  readonly "minItems"?: number;
  readonly "uniqueItems"?: boolean;
  readonly "maxProperties"?: number;
  readonly "minProperties"?: number;
  readonly "required"?: readonly string[];
  readonly "enum"?: readonly unknown[];
  readonly "items"?: JsonSchema | readonly JsonSchema[];
  readonly "allOf"?: readonly JsonSchema[];
  readonly "oneOf"?: readonly JsonSchema[];
  readonly "anyOf"?: readonly JsonSchema[];
  readonly "not"?: JsonSchema;
  readonly "properties"?: Readonly<Record<string, JsonSchema>>;
  readonly "additionalProperties"?: JsonSchema | boolean;
  readonly "patternProperties"?: Readonly<Record<string, JsonSchema>>;
  readonly "additionalItems"?: JsonSchema | boolean;
  readonly "definitions"?: Readonly<Record<string, JsonSchema>>;
  readonly "dependencies"?: Readonly<Record<string, unknown>>;
  readonly "x-kubernetes-preserve-unknown-fields"?: boolean;
  readonly "x-kubernetes-embedded-resource"?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: string;
  readonly "x-kubernetes-validations"?: readonly ValidationRule[];
}

/** One rule of `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export type JsonMap = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is JsonMap => typeof value === "object" && value !== null && !Array.isArray(value);

/** A member of a map, never an inherited one. */
export const own = <T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;

/** The one schema of a list's items; a list of schemas is refused by validation. */
export const itemsOf = (schema: JsonSchema): JsonSchema | undefined =>
  Array.isArray(schema.items) ? undefined : (schema.items as JsonSchema | undefined);

/** The schema of members that are not named; undefined where there is none or only a boolean. */
export const additionalOf = (schema: JsonSchema): JsonSchema | undefined =>
  isMap(schema.additionalProperties) ? schema.additionalProperties : undefined;

/** Members of an object's metadata, apiVersion and kind, which every object has whether its schema says so or not. */
export const metaFields: ReadonlySet<string> = new Set(["metadata", "kind", "apiVersion"]);

/** The schemas directly within one. */
export const childrenOf = (schema: JsonSchema): readonly JsonSchema[] =>
  [itemsOf(schema), additionalOf(schema), ...Object.values(schema.properties ?? {})].filter((child) => child !== undefined);
