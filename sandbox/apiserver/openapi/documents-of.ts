import { apiVersionOf } from "../../apimachinery/meta/types.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import { componentsOf } from "./components.ts";
import { customSchemaName, type DocumentSource, type Json } from "./documents.ts";
import { operationsOf, type ApiOperation } from "./operations.ts";
import { pathsOf, plainGet, plainPaths } from "./paths.ts";

const security = { BearerToken: { type: "apiKey", name: "authorization", in: "header", description: "Bearer Token authentication" } };

/** `/openapi/v2`: everything in one document. */
export const openapiV2 = (source: DocumentSource): Json => {
  const { operations, roots } = everything(source, source.builtIn);
  const custom = everythingCustom(
    source,
    source.custom.map(({ resource }) => resource),
  );
  const plain = [
    ...new Set([...source.builtIn, ...source.custom.map(({ resource }) => resource)].flatMap((resource) => discoveryPaths(resource))),
  ];
  const discovery = [...plain, ...fixedPaths];
  return {
    swagger: "2.0",
    info: infoOf(source),
    paths: { ...plainPaths(discovery, 2), ...pathsOf(operations, 2, true), ...pathsOf(custom.operations, 2, false) },
    definitions: componentsOf(source, [...roots, ...custom.roots, ...discovery.flatMap(schemasOf)], 2),
    securityDefinitions: security,
    security: [{ BearerToken: [] }],
  };
};

/** The document of one path below `/openapi/v3/`, undefined where there is none: `api/v1`, `apis/apps/v1`, `apis/apps`, `version`. */
export const openapiV3 = (source: DocumentSource, path: string): Json | undefined => {
  const fixed = fixedPaths.filter((operation) => operation.path === `/${path}` || operation.path === `/${path}/`);
  if (fixed.length > 0) return documentV3(source, plainPaths(fixed, 3), fixed.flatMap(schemasOf));
  const builtIn = source.builtIn.filter((resource) => pathOf(resource) === path);
  const custom = source.custom.map(({ resource }) => resource).filter((resource) => pathOf(resource) === path);
  if (builtIn.length + custom.length > 0) return groupVersionDocument(source, builtIn, custom);
  const group = [...source.builtIn, ...source.custom.map(({ resource }) => resource)].find(
    (resource) => resource.group !== "" && path === `apis/${resource.group}`,
  );
  if (group === undefined) return undefined;
  const operation = discoveryPaths(group).find((each) => each.path === `/${path}/`)!;
  return documentV3(source, plainPaths([operation], 3), schemasOf(operation));
};

/** The paths below `/openapi/v3/` that have a document. Groups of custom resources have none of their own. */
export const openapiV3Paths = (source: DocumentSource): readonly string[] => {
  const builtIn = source.builtIn.flatMap((resource) => [pathOf(resource), ...(resource.group === "" ? [] : [`apis/${resource.group}`])]);
  const custom = source.custom.map(({ resource }) => pathOf(resource));
  return [...new Set([".well-known/openid-configuration", "api", "apis", "openid/v1/jwks", "version", ...builtIn, ...custom])].toSorted();
};

const pathOf = (resource: ServedResource): string => (resource.group === "" ? `api/${resource.version}` : `apis/${apiVersionOf(resource)}`);

const groupVersionDocument = (source: DocumentSource, builtIn: readonly ServedResource[], custom: readonly ServedResource[]): Json => {
  const own = everything(source, builtIn);
  const users = everythingCustom(source, custom);
  const discovery = discoveryPaths((builtIn[0] ?? custom[0])!).filter(({ path }) => path.split("/").length > 4 || path.startsWith("/api/"));
  const paths = { ...plainPaths(discovery, 3), ...pathsOf(own.operations, 3, true), ...pathsOf(users.operations, 3, false) };
  return documentV3(source, paths, [...own.roots, ...users.roots, ...discovery.flatMap(schemasOf)]);
};

const documentV3 = (source: DocumentSource, paths: Json, roots: readonly string[]): Json => ({
  openapi: "3.0.0",
  info: infoOf(source),
  paths,
  components: { schemas: componentsOf(source, roots, 3), securitySchemes: security },
});

const infoOf = ({ pack }: DocumentSource): Json => ({ title: "Kubernetes", version: `v${pack.version}.0` });

const schemasOf = ({ answers, body }: ApiOperation): readonly string[] =>
  [...Object.values(answers), body].filter((name) => name !== undefined);

interface Operations {
  readonly operations: readonly ApiOperation[];
  readonly roots: readonly string[];
}

const withRoots = (operations: readonly ApiOperation[]): Operations => ({ operations, roots: operations.flatMap(schemasOf) });

const everything = ({ pack }: DocumentSource, resources: readonly ServedResource[]): Operations => {
  const names = new Map(pack.kinds.map(({ group, version, kind, schemaName }) => [`${group}/${version}/${kind}`, schemaName]));
  const nameOf = (group: string, version: string, kind: string): string => names.get(`${group}/${version}/${kind}`) ?? "";
  return withRoots(resources.flatMap((resource) => operationsOf(resource, `${resource.kind}List`, nameOf)));
};

const everythingCustom = ({ custom }: DocumentSource, resources: readonly ServedResource[]): Operations =>
  withRoots(
    custom
      .filter(({ resource }) => resources.includes(resource))
      .flatMap(({ resource, listKind }) =>
        operationsOf(resource, listKind, (group, _version, kind) =>
          group === "autoscaling" ? "io.k8s.api.autoscaling.v1.Scale" : customSchemaName(resource, kind),
        ),
      ),
  );

const fixedPaths: readonly ApiOperation[] = [
  plainGet(
    "/.well-known/openid-configuration/",
    "WellKnown",
    "getServiceAccountIssuerOpenIDConfiguration",
    "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
    "APIVersions",
  ),
  plainGet(
    "/openid/v1/jwks/",
    "openid",
    "getServiceAccountIssuerOpenIDKeyset",
    "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)",
    "APIVersions",
  ),
  plainGet("/api/", "core", "getCoreAPIVersions", "get available API versions", "APIVersions"),
  plainGet("/apis/", "apis", "getAPIVersions", "get available API versions", "APIGroupList"),
  plainGet("/version/", "version", "getCodeVersion", "get the version information for this server", "Info"),
];

/** The discovery documents of a resource's group and version. */
const discoveryPaths = ({ group, version }: ServedResource): readonly ApiOperation[] => {
  const tag = group === "" ? "core" : group.replace(/\.k8s\.io$/, "").replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase());
  const name = tag.charAt(0).toUpperCase() + tag.slice(1);
  const versioned = name + version.charAt(0).toUpperCase() + version.slice(1);
  if (group === "")
    return [plainGet(`/api/${version}/`, `${tag}_${version}`, `get${versioned}APIResources`, "get available resources", "APIResourceList")];
  return [
    plainGet(`/apis/${group}/`, tag, `get${name}APIGroup`, "get information of a group", "APIGroup"),
    plainGet(
      `/apis/${group}/${version}/`,
      `${tag}_${version}`,
      `get${versioned}APIResources`,
      "get available resources",
      "APIResourceList",
    ),
  ];
};
