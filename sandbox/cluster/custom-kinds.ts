import type { KubeObject } from "../apimachinery/meta/types.ts";
import type { Reader } from "../apiserver/cache/watch-cache.ts";
import type { ServedResources } from "../apiserver/discovery/served-resources.ts";
import type { CustomKind } from "../apiserver/openapi/documents.ts";

interface DefinitionLike extends KubeObject {
  readonly spec: {
    readonly names: { readonly listKind?: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema?: { readonly openAPIV3Schema?: Readonly<Record<string, unknown>> };
    }[];
  };
}

/** What users have defined, as OpenAPI documents show it: the same list for as long as the same is served. */
export const customKinds = (served: ServedResources, reader: Reader): (() => readonly CustomKind[]) => {
  let known: { readonly generation: number; readonly kinds: readonly CustomKind[] } | undefined;
  const kinds = (): readonly CustomKind[] =>
    [...served.all()]
      .filter(({ custom }) => custom)
      .map((resource) => {
        const definition = reader.get("apiextensions.k8s.io", "customresourcedefinitions", "", `${resource.resource}.${resource.group}`) as
          DefinitionLike | undefined;
        const schema = definition?.spec.versions.find(({ name }) => name === resource.version)?.schema?.openAPIV3Schema;
        return { resource, listKind: definition?.spec.names.listKind ?? `${resource.kind}List`, ...(schema && { schema }) };
      });
  return () => {
    if (known?.generation !== served.generation) known = { generation: served.generation, kinds: kinds() };
    return known.kinds;
  };
};
