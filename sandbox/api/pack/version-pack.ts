import type { ObjectSchema, SchemaSource } from "../../apimachinery/schema/schema.ts";

/** A resource that a release serves without being asked to. */
export interface BuiltInResource {
  readonly group: string;
  readonly version: string;
  /** Plural: `pods`. */
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Whether this version is the one that its group prefers. */
  readonly preferred: boolean;
  /** Absent for what is not stored: reviews, bindings. */
  readonly storageVersionHash?: string;
  readonly subresources: readonly BuiltInSubresource[];
  /** Fields that field selectors may name. */
  readonly fieldSelectors: readonly string[];
}

export interface BuiltInSubresource {
  /** `status`, `scale`, `eviction`. */
  readonly name: string;
  /** What it takes and answers: `pods/eviction` a policy/v1 Eviction. */
  readonly kind: string;
  readonly kindGroup: string;
  readonly kindVersion: string;
  readonly verbs: readonly string[];
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a release of Kubernetes is: its schemas, resources and kinds. */
export interface VersionPack extends SchemaSource {
  /** `1.32` */
  readonly version: string;
  readonly resources: readonly BuiltInResource[];
  /** A schema by its full name: `io.k8s.api.core.v1.PodSpec`. */
  schemaNamed(name: string): ObjectSchema | undefined;
  /** Every full name, in no particular order. */
  readonly schemaNames: readonly string[];
  /** The group, version and kind of every schema at the top of a request or answer, lists included. */
  readonly kinds: readonly (GroupVersionKind & { readonly schemaName: string })[];
  /** Whether upstream's scheme knows the kind, served or not: it decides what a wrong kind in a body is answered. */
  isRegistered(apiVersion: string, kind: string): boolean;
  resource(group: string, version: string, resource: string): BuiltInResource | undefined;
  /** OpenAPI's texts: loaded when first asked for, they are big. */
  descriptions(): Promise<Descriptions>;
}

export interface Descriptions {
  /** What a schema is, or a field of it. Empty where nothing is said. */
  of(schemaName: string, field?: string): string;
}
