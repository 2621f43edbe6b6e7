import { metaSchema, referenceTo, type Json, type OpenApiVersion } from "./documents.ts";
import type { ApiOperation } from "./operations.ts";
import { pathParameters, queryParameter } from "./parameters.ts";

const words: Readonly<Record<string, string>> = { 200: "OK", 201: "Created", 202: "Accepted", 401: "Unauthorized" };
const mediaTypes = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const patchTypes = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
  "application/apply-patch+yaml",
];

/** Operations as the `paths` of a document. `usesProtobuf` tells whether a kind has that form. */
export const pathsOf = (operations: readonly ApiOperation[], version: OpenApiVersion, usesProtobuf: boolean): Json => {
  const byPath = Map.groupBy(operations, ({ path }) => path);
  return Object.fromEntries(
    [...byPath]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([path, all]) => [
        path,
        {
          ...Object.fromEntries(all.map((operation) => [operation.method, operationJson(operation, version, usesProtobuf)])),
          parameters: pathParameters(path, all[0]!.kind, version),
        },
      ]),
  );
};

const operationJson = (operation: ApiOperation, version: OpenApiVersion, usesProtobuf: boolean): Json => {
  const { tag, description, id, action, groupVersionKind, parameters, body, answers } = operation;
  const types = mediaTypes.filter((type) => usesProtobuf || !type.endsWith("protobuf"));
  const streams =
    action === "list" || action.startsWith("watch")
      ? [...types, "application/json;stream=watch", ...(usesProtobuf ? ["application/vnd.kubernetes.protobuf;stream=watch"] : [])]
      : types;
  const answered: readonly (readonly [string, string | undefined])[] = Object.entries(answers);
  const accepted = action === "patch" ? patchTypes : ["*/*"];
  const query = parameters.map((name) => queryParameter(name, version));
  const facts = { tags: [tag], description, operationId: id };
  const extensions = { "x-kubernetes-action": action, "x-kubernetes-group-version-kind": groupVersionKind };
  if (version === 2) {
    const bodyParameter =
      body === undefined
        ? []
        : [
            {
              name: "body",
              in: "body",
              required: action !== "delete" && action !== "deletecollection",
              schema: { $ref: referenceTo(body, 2) },
            },
          ];
    return {
      ...facts,
      consumes: accepted,
      produces: action === "connect" ? ["*/*"] : streams,
      schemes: ["https"],
      parameters: [...bodyParameter, ...query],
      responses: Object.fromEntries(
        [...answered, ["401", undefined] as const].map(([code, schema]) => [
          code,
          {
            description: words[code],
            ...(schema === undefined
              ? code === "401"
                ? {}
                : { schema: { type: "string" } }
              : { schema: { $ref: referenceTo(schema, 2) } }),
          },
        ]),
      ),
      ...extensions,
    };
  }
  const content = (schema: string | undefined, inTypes: readonly string[]): Json =>
    Object.fromEntries(
      inTypes.map((type) => [type, { schema: schema === undefined ? { type: "string" } : { $ref: referenceTo(schema, 3) } }]),
    );
  return {
    ...facts,
    ...(query.length > 0 && { parameters: query }),
    ...(body !== undefined && { requestBody: { content: content(body, accepted) } }),
    responses: {
      ...Object.fromEntries(
        answered.map(([code, schema]) => [
          code,
          { description: words[code], content: content(schema, action === "connect" ? ["*/*"] : streams) },
        ]),
      ),
      401: { description: words["401"] },
    },
    ...extensions,
  };
};

/** A path that answers a document of discovery. */
export const plainGet = (path: string, tag: string, id: string, description: string, kind: string): ApiOperation => ({
  path,
  method: "get",
  id,
  tag,
  description,
  action: "",
  groupVersionKind: { group: "", kind: "", version: "" },
  kind: "",
  parameters: [],
  answers: { 200: kind === "Info" ? "io.k8s.apimachinery.pkg.version.Info" : metaSchema(kind) },
});

/** Documents of discovery have no action and no kind. */
export const plainPaths = (operations: readonly ApiOperation[], version: OpenApiVersion): Json =>
  Object.fromEntries(
    operations.map(({ path, tag, id, description, answers }) => {
      const schema = { $ref: referenceTo(answers[200]!, version) };
      const answer = version === 2 ? { schema } : { content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) };
      const responses = { 200: { description: "OK", ...answer }, 401: { description: "Unauthorized" } };
      return [
        path,
        {
          get: { tags: [tag], description, operationId: id, ...(version === 2 && { produces: mediaTypes, schemes: ["https"] }), responses },
        },
      ];
    }),
  );
