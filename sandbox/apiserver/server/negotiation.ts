import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import { isTrue } from "./request-info.ts";
import { headerOf, type HttpRequest } from "./http.ts";
import { parseAccept, type AcceptClause } from "./media-types.ts";

export type Encoding = "json" | "yaml" | "protobuf";

/** What an object is wanted as, instead of itself. */
export type Transform = "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";

/** How an answer is to be written. */
export interface OutputMediaType {
  readonly encoding: Encoding;
  readonly transform?: { readonly kind: Transform; readonly version: "v1" | "v1beta1" };
  readonly pretty: boolean;
}

/** The media types in which objects travel, in the order in which they are offered. */
export const objectMediaTypes: readonly string[] = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];

const bySubtype: Readonly<Record<string, Encoding>> = { "json": "json", "yaml": "yaml", "vnd.kubernetes.protobuf": "protobuf" };

/** Upstream's NegotiateOutputMediaType. `allows` says which transformations this endpoint knows. Throws 406. */
export const negotiateOutput = (
  request: HttpRequest,
  allows: (kind: string, group: string, version: string) => boolean = allowsTransform,
): OutputMediaType => {
  const header = headerOf(request.headers, "accept");
  const pretty = wantsPretty(request);
  if (header === "") return { encoding: "json", pretty };
  for (const clause of parseAccept(header)) {
    const encoding = encodingOf(clause);
    if (!encoding) continue;
    const { as, g = "", v = "", pretty: prettyParameter } = clause.parameters;
    if (as !== undefined && !allows(as, g, v)) continue;
    if (as === undefined && (g !== "" || v !== "")) continue;
    const transform = as === undefined ? undefined : { kind: as as Transform, version: v as "v1" | "v1beta1" };
    return { encoding, pretty: pretty || prettyParameter === "1", ...(transform && { transform }) };
  }
  throw notAcceptable(objectMediaTypes);
};

const encodingOf = ({ type, subtype }: AcceptClause): Encoding | undefined => {
  if (type === "*" && subtype === "*") return "json";
  if (type !== "application") return undefined;
  return subtype === "*" ? "json" : bySubtype[subtype];
};

/** Objects and lists may be had as tables or as metadata only. */
export const allowsTransform = (kind: string, group: string, version: string): boolean =>
  group === "meta.k8s.io" &&
  (version === "v1" || version === "v1beta1") &&
  ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"].includes(kind);

/** A watch that begins with a list cannot be had as tables. */
export const allowsTransformOfWatchList = (kind: string, group: string, version: string): boolean =>
  kind !== "Table" && allowsTransform(kind, group, version);

export const notAcceptable = (accepted: readonly string[]): StatusError =>
  failure(406, "NotAcceptable", `only the following media types are accepted: ${accepted.join(", ")}`);

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  failure(
    415,
    "UnsupportedMediaType",
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`,
  );

/** People get indented JSON: those who ask, and those who come with a browser or curl. */
export const wantsPretty = ({ query, headers }: Pick<HttpRequest, "query" | "headers">): boolean => {
  const asked = query.get("pretty");
  if (asked !== null && asked !== "") return isTrue(asked);
  const agent = headerOf(headers, "user-agent");
  return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
};

/**
 * The first look at Accept, before the resource itself is asked: exact types only, no ranges but `*\/*`, qualities and parameters ignored. Answers the
 * refusal that upstream's router gives.
 */
export const routeAccepts = (request: HttpRequest, produces: readonly string[]): StatusError | undefined => {
  const header = headerOf(request.headers, "accept");
  if (header === "") return undefined;
  const accepted = header.split(",").some((part) => {
    const type = (part.split(";")[0] ?? "").trim();
    return type === "*/*" || produces.includes(type);
  });
  return accepted
    ? undefined
    : failure(406, "NotAcceptable", `406: Not Acceptable\n\nAvailable representations: ${produces.join(", ")}`, {});
};
