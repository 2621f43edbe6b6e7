/** The form of a version pack on disk: what generate.ts writes and load-pack.ts reads. Short names, since there are thousands. */

import type { InlineMessage } from "../../apimachinery/schema/schema.ts";

export interface PackFile {
  readonly version: string;
  readonly schemas: Readonly<Record<string, PackedSchema>>;
  readonly resources: readonly PackedResource[];
  /** Group version → kinds at the top of requests and answers, with the schema's name. */
  readonly kinds: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Group version → kinds that upstream's scheme knows; wider than what is served. */
  readonly registered: Readonly<Record<string, readonly string[]>>;
}

export interface PackedSchema {
  readonly fields: Readonly<Record<string, PackedField>>;
  readonly required?: readonly string[];
  /** `x-kubernetes-map-type: atomic`. */
  readonly atomic?: true;
  /** The parts of protobuf messages that JSON has inline: message field number → the fields inside, and their message's name. */
  readonly inline?: readonly InlineMessage[];
}

/**
 * A field. `type` is `string`, `int32`, `bytes`, `time`… or `any:RawExtension`, `$schema name`, `[]item`, `{}value`.
 */
export interface PackedField {
  readonly type: string;
  /** The type's name in Go where it does not follow from `type`: `v1.PodPhase`. */
  readonly go?: string;
  readonly pointer?: 1;
  /** Not left out of JSON when it is Go's zero value. */
  readonly always?: 1;
  /** The number in protobuf. */
  readonly number?: number;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly listType?: "set" | "map";
  readonly mapKeys?: readonly string[];
  readonly patchStrategy?: string;
  readonly patchMergeKey?: string;
  /** `x-kubernetes-map-type` of the field: 1 atomic, 0 granular though its type is atomic. */
  readonly atomic?: 0 | 1;
}

export interface PackedResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly kind: string;
  readonly kindGroup: string;
  readonly kindVersion: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly preferred: boolean;
  readonly storageVersionHash?: string;
  readonly fieldSelectors: readonly string[];
}
