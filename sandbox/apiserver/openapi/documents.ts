import type { Descriptions, VersionPack } from "../../api/pack/version-pack.ts";
import type { ServedResource } from "../discovery/served-resource.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A version of a CustomResourceDefinition as documents show it. */
export interface CustomKind {
  readonly resource: ServedResource;
  readonly listKind: string;
  /** `openAPIV3Schema`; absent where the definition keeps every field. */
  readonly schema?: Json;
}

/** What documents are made of: a release, its texts, the built-in resources that are served, and the kinds that users defined. */
export interface DocumentSource {
  readonly pack: VersionPack;
  readonly descriptions: Descriptions;
  readonly builtIn: readonly ServedResource[];
  readonly custom: readonly CustomKind[];
}

/** OpenAPI 2 and 3 differ in where schemas lie and in what may stand beside a reference. */
export type OpenApiVersion = 2 | 3;

export const referenceTo = (schemaName: string, version: OpenApiVersion): string =>
  `#/${version === 2 ? "definitions" : "components/schemas"}/${schemaName}`;

export const metaSchema = (kind: string): string => `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`;

/** `com.example.stable.v1.CronTab`: the name of a custom kind's schema, the group backwards. */
export const customSchemaName = ({ group, version }: ServedResource, kind: string): string =>
  `${group.split(".").toReversed().join(".")}.${version}.${kind}`;
