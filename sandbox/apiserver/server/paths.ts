import { createHash } from "node:crypto";
import type { Metrics } from "../../base/metrics/metrics.ts";
import type { Reader } from "../cache/watch-cache.ts";
import { servedGroups, type ServedGroup } from "../discovery/api-services.ts";
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions } from "../discovery/documents.ts";
import type { ServedResources } from "../discovery/served-resources.ts";
import type { Encoder } from "./encoding.ts";
import { answerHealth, type HealthChecks } from "./health.ts";
import { headerOf, json, pageNotFound, text, type HttpRequest, type HttpResponse } from "./http.ts";
import { negotiateOutput, objectMediaTypes, routeAccepts } from "./negotiation.ts";
import type { OpenApiPaths } from "./openapi-paths.ts";
import { segmentsOf } from "./request-info.ts";
import { methodNotAllowed, resourceNotFound } from "./resources.ts";
import type { AuthorizedRequest, Handler } from "./serve.ts";

export interface PathsParts {
  readonly served: ServedResources;
  readonly reader: Reader;
  readonly encoder: Encoder;
  readonly health: HealthChecks;
  readonly metrics: Metrics;
  readonly versionInfo: object;
  readonly openIdConfiguration: () => object;
  readonly keySet: () => Promise<object>;
  readonly openApi: OpenApiPaths;
  /** `host:port` under which clients reach the server. */
  readonly address: () => string;
  /** Takes requests to group versions that another server serves; undefined for our own. */
  readonly aggregated?: (asked: AuthorizedRequest) => Promise<HttpResponse> | undefined;
}

/** Paths that are not about a resource: discovery, health, version, metrics, OpenAPI, keys. */
export const nonResourcePaths = (parts: PathsParts): Handler => {
  const fixed: Readonly<Record<string, Handler>> = {
    "/.well-known/openid-configuration": () => json(200, parts.openIdConfiguration(), { "cache-control": "public, max-age=3600" }),
    "/openid/v1/jwks": async () =>
      json(200, await parts.keySet(), { "content-type": "application/jwk-set+json", "cache-control": "public, max-age=3600" }),
    "/metrics": () => text(200, parts.metrics.expose(), { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
    "/metrics/slis": () => text(200, "", { "content-type": "text/plain; version=0.0.4; charset=utf-8" }),
    "/openapi/v2": ({ request }) => parts.openApi.v2(request),
    "/openapi/v3": ({ request }) => parts.openApi.index(request),
    "/openapi/v3/": ({ request }) => parts.openApi.index(request),
  };
  return (asked) => {
    const { request } = asked;
    const { path } = request;
    const handler = Object.hasOwn(fixed, path) ? fixed[path] : undefined;
    if (handler) return handler(asked);
    const [first, ...rest] = segmentsOf(path);
    switch (first) {
      case undefined:
        return json(200, { paths: rootPaths(parts) });
      case "healthz":
      case "livez":
      case "readyz":
        return path.endsWith("/") ? pageNotFound() : answerHealth(first, rest.join("/"), request, parts.health);
      case "version":
        if (rest.length > 0) return pageNotFound();
        if (request.method !== "GET") throw methodNotAllowed();
        return parts.encoder.value(200, parts.versionInfo, { encoding: "json", pretty: true });
      case "openapi":
        return rest[0] === "v3" && rest.length > 1 ? parts.openApi.v3(request, rest.slice(1).join("/")) : pageNotFound();
      case "api":
        return coreDiscovery(parts, request, rest);
      case "apis":
        return parts.aggregated?.(asked) ?? groupDiscovery(parts, request, rest);
      default:
        return pageNotFound();
    }
  };
};

/** `/api` and `/api/v1`. */
const coreDiscovery = (parts: PathsParts, request: HttpRequest, [version, ...more]: readonly string[]): HttpResponse => {
  if (more.length > 0 || (version !== undefined && version !== "v1")) throw resourceNotFound();
  onlyGet(request);
  if (version !== undefined) return answer(parts, request, apiResourceList("", version, parts.served.of("", version)));
  return discovery(parts, request, apiVersions(parts.address()), () => [{ name: "", versions: ["v1"] }]);
};

/** `/apis`, `/apis/<group>` and `/apis/<group>/<version>`. */
const groupDiscovery = (parts: PathsParts, request: HttpRequest, [name, version]: readonly string[]): HttpResponse => {
  const { served, reader } = parts;
  const groups = servedGroups(served, reader);
  if (name === undefined) return discovery(parts, request, apiGroupList(groups), () => groups);
  const group = groups.find((each) => each.name === name) ?? served.besides(name);
  if (!group) return pageNotFound();
  if (version === undefined) return parts.encoder.value(200, apiGroup(group), negotiateOutput(request, asItIs));
  if (!group.versions.includes(version)) {
    if (served.isBuiltInGroup(name)) throw resourceNotFound();
    return pageNotFound();
  }
  onlyGet(request);
  return answer(parts, request, apiResourceList(name, version, served.of(name, version)));
};

const onlyGet = (request: HttpRequest): void => {
  if (request.method !== "GET") throw methodNotAllowed();
  const refusal = routeAccepts(request, objectMediaTypes);
  if (refusal) throw refusal;
};

const answer = ({ encoder }: PathsParts, request: HttpRequest, document: object): HttpResponse =>
  encoder.value(200, document, negotiateOutput(request, asItIs));

/** Documents are no objects: there is no table of them. */
const asItIs = (): boolean => false;

const discoveryGroup = "apidiscovery.k8s.io";
const isAggregated = (kind: string, group: string, version: string): boolean =>
  kind === "APIGroupDiscoveryList" && group === discoveryGroup && (version === "v2" || version === "v2beta1");

/** The old document, or, for those who ask, everything below in one. */
const discovery = (parts: PathsParts, request: HttpRequest, plain: object, groups: () => readonly ServedGroup[]): HttpResponse => {
  const { transform, ...output } = negotiateOutput(request, isAggregated);
  if (!transform) return parts.encoder.value(200, plain, output, { vary: "Accept" });
  const document = aggregatedDiscovery(`${discoveryGroup}/${transform.version}`, groups(), parts.served);
  const body = JSON.stringify(document);
  const etag = `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"`;
  const headers = { etag, vary: "Accept" };
  if (headerOf(request.headers, "if-none-match") === etag) return { code: 304, headers };
  const response = parts.encoder.value(200, document, output, headers);
  return {
    ...response,
    headers: {
      ...response.headers,
      "content-type": `${String(response.headers["content-type"])};g=${discoveryGroup};v=${transform.version};as=APIGroupDiscoveryList`,
    },
  };
};

/** `/`: every path there is. */
const rootPaths = ({ served, reader, health }: PathsParts): readonly string[] => {
  const groups = servedGroups(served, reader).flatMap(({ name, versions }) => [
    `/apis/${name}`,
    ...versions.map((version) => `/apis/${name}/${version}`),
  ]);
  const checks = (["healthz", "livez", "readyz"] as const).flatMap((root) => [
    `/${root}`,
    ...health[root].map(({ name }) => `/${root}/${name}`),
  ]);
  return [
    "/.well-known/openid-configuration",
    "/api",
    "/api/v1",
    "/apis",
    "/apis/",
    ...groups,
    ...checks,
    "/metrics",
    "/metrics/slis",
    "/openapi/v2",
    "/openapi/v3",
    "/openapi/v3/",
    "/openid/v1/jwks",
    "/version",
  ].sort();
};
