import { customSchemaName, metaSchema, referenceTo, type CustomKind, type Json, type OpenApiVersion } from "./documents.ts";

const typeMeta: Json = {
  apiVersion: {
    type: "string",
    description:
      "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  },
  kind: {
    type: "string",
    description:
      "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds",
  },
};

/** The schemas of user-defined kinds and of their lists, each made when it is needed. */
export const customComponents = (
  kinds: readonly CustomKind[],
  version: OpenApiVersion,
  refer: (schemaName: string) => void,
): ReadonlyMap<string, () => Json> => {
  const components = new Map<string, () => Json>();
  for (const custom of kinds) {
    const { resource, listKind } = custom;
    components.set(customSchemaName(resource, resource.kind), () => objectComponent(custom, version, refer));
    components.set(customSchemaName(resource, listKind), () => listComponent(custom, version, refer));
  }
  return components;
};

const objectComponent = ({ resource, schema = {} }: CustomKind, version: OpenApiVersion, refer: (schemaName: string) => void): Json => {
  refer(metaSchema("ObjectMeta"));
  const structural = version === 2 ? forVersion2(schema) : schema;
  const reference = { $ref: referenceTo(metaSchema("ObjectMeta"), version) };
  const description =
    "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
  const metadata = version === 2 ? { description, ...reference } : { description, allOf: [reference] };
  const keepsEverything = schema["type"] === undefined || (version === 2 && schema["x-kubernetes-preserve-unknown-fields"] === true);
  return {
    "type": "object",
    ...structural,
    ...(!keepsEverything || schema["properties"] !== undefined
      ? { properties: { ...(structural["properties"] as Json | undefined), ...typeMeta, metadata } }
      : {}),
    ...(schema["type"] === undefined && version === 3 && { "x-kubernetes-preserve-unknown-fields": true }),
    "x-kubernetes-group-version-kind": [{ group: resource.group, kind: resource.kind, version: resource.version }],
  };
};

const listComponent = ({ resource, listKind }: CustomKind, version: OpenApiVersion, refer: (schemaName: string) => void): Json => {
  const item = customSchemaName(resource, resource.kind);
  refer(item);
  refer(metaSchema("ListMeta"));
  const metadata = { $ref: referenceTo(metaSchema("ListMeta"), version) };
  const description =
    "Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
  return {
    "description": `${listKind} is a list of ${resource.kind}`,
    "type": "object",
    "required": ["items"],
    "properties": {
      ...typeMeta,
      items: {
        description: `List of ${resource.resource}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: "array",
        items: { $ref: referenceTo(item, version) },
      },
      metadata: version === 2 ? { description, ...metadata } : { description, allOf: [metadata] },
    },
    "x-kubernetes-group-version-kind": [{ group: resource.group, kind: listKind, version: resource.version }],
  };
};

/** What OpenAPI 2 cannot say. */
const unknownToVersion2 = new Set(["oneOf", "anyOf", "allOf", "not", "nullable", "default", "x-kubernetes-validations"]);

/** Upstream's ToStructuralOpenAPIV2: drops what version 2 has no words for, and says nothing of fields that may be of several types or keep anything. */
const forVersion2 = (schema: Json): Json => {
  if (schema["x-kubernetes-int-or-string"] === true) return { ...pick(schema, "description"), "x-kubernetes-int-or-string": true };
  const kept = Object.entries(schema).filter(([name]) => !unknownToVersion2.has(name));
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return Object.fromEntries(
    kept.flatMap(([name, value]) => {
      if (schema["nullable"] === true && (name === "type" || name === "properties" || name === "items" || name === "additionalProperties"))
        return [];
      if (keepsUnknown && (name === "properties" || name === "items" || name === "type")) return [];
      return [[name, inVersion2(name, value)]];
    }),
  );
};

const inVersion2 = (name: string, value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (name === "properties")
    return Object.fromEntries(Object.entries(value as Json).map(([field, schema]) => [field, forVersion2(schema as Json)]));
  return (name === "items" || name === "additionalProperties") && !Array.isArray(value) ? forVersion2(value as Json) : value;
};

const pick = (schema: Json, name: string): Json => (schema[name] === undefined ? {} : { [name]: schema[name] });
