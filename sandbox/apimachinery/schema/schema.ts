/**
 * What a field may hold: one schema for decoding, pruning, defaults, patches, field ownership, OpenAPI,
 * `kubectl explain`, completion and hover. Made from a version pack for built-in kinds, from a CRD's structural schema for custom ones.
 */
export type Schema = ObjectSchema | MapSchema | ListSchema | ScalarSchema | AnySchema;

interface SchemaFacts {
  /** As OpenAPI has it; texts are looked up on demand, they are big. */
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  /** How the field lies in upstream's Go struct. Custom resources have none: they are not decoded into structs. */
  readonly go?: GoField;
}

/** A field of a Go struct: which JSON it takes and prints follows from this. */
export interface GoField {
  /** As error messages show it, without the pointer: `v1.PodPhase`, `[]v1.Container`. */
  readonly type: string;
  readonly pointer: boolean;
  /** Left out of JSON when it is Go's zero value. */
  readonly omitEmpty: boolean;
  /** The field's number in protobuf. */
  readonly number?: number;
}

/** A struct: known fields only, unless `preserveUnknown`. */
export interface ObjectSchema extends SchemaFacts {
  readonly kind: "object";
  /** `io.k8s.api.core.v1.PodSpec`; absent for anonymous schemas of CRDs. */
  readonly name?: string;
  readonly fields: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
  /** `x-kubernetes-map-type: atomic`: owned and replaced as one value. */
  readonly atomic?: boolean;
  readonly preserveUnknown?: boolean;
  /** `x-kubernetes-embedded-resource`: has apiVersion, kind and metadata of its own. */
  readonly embedded?: boolean;
  /** `patchStrategy: retainKeys`. */
  readonly retainKeys?: boolean;
  /** Parts that JSON has inline and protobuf as messages of their own. */
  readonly inline?: readonly InlineMessage[];
}

/** An embedded Go struct: `Volume` has the fields of `VolumeSource`, in protobuf as field 2. */
export interface InlineMessage {
  readonly number: number;
  readonly message: string;
  /** All of its fields, those of messages inside it too. */
  readonly fields: readonly string[];
  readonly inline?: readonly InlineMessage[];
}

export interface MapSchema extends SchemaFacts {
  readonly kind: "map";
  readonly values: Schema;
  readonly atomic?: boolean;
}

export interface ListSchema extends SchemaFacts {
  readonly kind: "list";
  readonly items: Schema;
  /** `x-kubernetes-list-type`; lists are atomic where nothing is said. */
  readonly listType: "atomic" | "set" | "map";
  /** `x-kubernetes-list-map-keys`. */
  readonly mapKeys?: readonly string[];
  /** `patchStrategy` and `patchMergeKey` of strategic merge patch: not always the same as the list type. */
  readonly patchStrategy?: "merge" | "replace" | "merge,retainKeys" | "retainKeys";
  readonly patchMergeKey?: string;
}

export interface ScalarSchema extends SchemaFacts {
  readonly kind: "scalar";
  readonly type: "string" | "integer" | "number" | "boolean" | "quantity" | "int-or-string" | "bytes" | "time" | "micro-time" | "duration";
  /** `int32`, `int64`, `double`, `date-time`… */
  readonly format?: string;
  readonly enum?: readonly string[];
}

/** Anything at all: RawExtension, FieldsV1, JSON; `x-kubernetes-preserve-unknown-fields` without properties. */
export interface AnySchema extends SchemaFacts {
  readonly kind: "any";
  /** Maps in it are owned key by key (custom resources without a schema); otherwise it is owned as one value. */
  readonly granular?: boolean;
  /** `io.k8s.apimachinery.pkg.runtime.RawExtension`, as OpenAPI refers to it. */
  readonly name?: string;
  /** One of these, by the kind of JSON value; anything where absent. `JSONSchemaPropsOrBool` and its like. */
  readonly oneOf?: readonly Schema[];
}

/** Where a schema is found by kind. Built-in packs and CRDs implement it. */
export interface SchemaSource {
  /** The schema of an object of this kind, or undefined where the kind is unknown. */
  schemaOf(apiVersion: string, kind: string): ObjectSchema | undefined;
}
