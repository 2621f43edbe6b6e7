import { headerOf, text, type HttpRequest, type HttpResponse } from "./http.ts";
import { parseAccept } from "./media-types.ts";

/** A document, serialized, with what tells whether it changed. */
export interface OpenApiDocument {
  readonly json: Uint8Array | string;
  /** Without it protobuf is not offered. */
  readonly protobuf?: Uint8Array;
  /** Without quotes. */
  readonly hash: string;
}

/** Where OpenAPI documents come from. They are made when first asked for, and again when what is served changes. */
export interface OpenApiSource {
  v2(): Promise<OpenApiDocument>;
  /** Paths under `/openapi/v3/` (`api/v1`, `apis/apps/v1`) with their documents' hashes. */
  index(): Promise<readonly { readonly path: string; readonly hash: string }[]>;
  v3(path: string): Promise<OpenApiDocument | undefined>;
}

/** The answers of `/openapi/…`. */
export interface OpenApiPaths {
  v2(request: HttpRequest): Promise<HttpResponse>;
  index(request: HttpRequest): Promise<HttpResponse>;
  v3(request: HttpRequest, path: string): Promise<HttpResponse>;
}

const v2Protobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const v3Protobuf = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

export const openApiPaths = (source: OpenApiSource): OpenApiPaths => ({
  async v2(request) {
    const document = await source.v2();
    return documentResponse(request, document, v2Protobuf, [
      "com.github.proto-openapi.spec.v2@v1.0+protobuf",
      "com.github.proto-openapi.spec.v2.v1.0+protobuf",
    ]);
  },
  async index() {
    const paths = await source.index();
    const entries = paths.map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }]);
    return text(200, JSON.stringify({ paths: Object.fromEntries(entries) as Record<string, unknown> }));
  },
  async v3(request, path) {
    const document = await source.v3(path);
    if (!document) return { code: 404, headers: {} };
    const asked = request.query.get("hash");
    if (asked !== null && asked !== "" && asked !== document.hash) {
      return { code: 301, headers: { location: `/openapi/v3/${path}?hash=${document.hash}` } };
    }
    const response = documentResponse(request, document, v3Protobuf, [
      "com.github.proto-openapi.spec.v3@v1.0+protobuf",
      "com.github.proto-openapi.spec.v3.v1.0+protobuf",
    ]);
    if (asked !== document.hash) return response;
    return {
      ...response,
      headers: { ...response.headers, "cache-control": "public, immutable", "expires": "Fri, 31 Dec 2038 23:59:59 GMT" },
    };
  },
});

const documentResponse = (
  request: HttpRequest,
  { json, protobuf, hash }: OpenApiDocument,
  protobufType: string,
  protobufSubtypes: readonly string[],
): HttpResponse => {
  const etag = `"${hash}"`;
  const headers = { etag, vary: "Accept, Accept-Encoding" };
  const wanted = headerOf(request.headers, "accept") || "application/json";
  for (const { type, subtype } of parseAccept(wanted)) {
    const isProtobuf = type === "application" && protobufSubtypes.includes(subtype) && protobuf !== undefined;
    const isJson = type === "*" || (type === "application" && (subtype === "json" || subtype === "*"));
    if (!isProtobuf && !isJson) continue;
    if (headerOf(request.headers, "if-none-match") === etag) return { code: 304, headers };
    return isProtobuf
      ? { code: 200, headers: { ...headers, "content-type": protobufType }, body: protobuf }
      : { code: 200, headers: { ...headers, "content-type": "application/json" }, body: json };
  }
  return { code: 406, headers: {} };
};
