import { readYaml, YamlError } from "../../apimachinery/decode/yaml.ts";
import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure } from "../../apimachinery/errors/status.ts";
import type { AnyObject, KubeList } from "../../apimachinery/meta/types.ts";
import type { Operation, OperationResult, UserInfo } from "../../apimachinery/operation/operation.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import type { Encoder } from "./encoding.ts";
import { BodyTooLargeError, type HttpRequest, type HttpResponse } from "./http.ts";
import { negotiateOutput } from "./negotiation.ts";
import { methodNotAllowed, resourceNotFound } from "./resources.ts";
import type { AuthorizedRequest } from "./serve.ts";

/** What an endpoint is asked. */
export interface EndpointRequest {
  readonly method: string;
  readonly namespace: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly user: UserInfo;
  readonly signal: AbortSignal;
  /** The body, JSON or YAML; undefined where there is none. Rejects with a StatusError for what is neither. */
  body(): Promise<unknown>;
}

/** One resource of a group that stores no objects: it is asked, and answers. Failures are StatusErrors. */
export interface Endpoint {
  /** `clock`; `pods/scheduling` for what is asked of a pod. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly kind: string;
  /** As discovery tells them. */
  readonly verbs: readonly string[];
  /** By method; others are refused with 405. */
  readonly methods: Readonly<Record<string, (asked: EndpointRequest) => Promise<object>>>;
}

/** A group version that is answered by handlers instead of a store. The API server knows none: they are handed in. */
export interface EndpointGroup {
  readonly group: string;
  readonly version: string;
  readonly endpoints: readonly Endpoint[];
  /** Answers, but stands in no list of groups: for what only our own clients ask. */
  readonly unlisted?: boolean;
}

/** The group's resources as discovery shows them. */
export const servedEndpoints = ({ group, version, endpoints }: EndpointGroup): readonly ServedResource[] => {
  const parents = new Map<string, Endpoint[]>();
  for (const endpoint of endpoints) {
    const [parent = ""] = endpoint.resource.split("/");
    parents.set(parent, [...(parents.get(parent) ?? []), endpoint]);
  }
  return [...parents].map(([resource, all]): ServedResource => {
    const own = all.find((endpoint) => endpoint.resource === resource);
    return {
      group,
      version,
      resource,
      kind: own?.kind ?? "",
      singular: own ? resource : "",
      shortNames: [],
      categories: [],
      namespaced: all.some(({ namespaced }) => namespaced),
      verbs: own?.verbs ?? [],
      subresources: all
        .filter((endpoint) => endpoint.resource !== resource)
        .map(({ resource: path, kind, verbs }) => ({ name: path.slice(resource.length + 1), kind, verbs })),
      custom: false,
    };
  });
};

/** Answers reads of the groups for those who call `perform`; undefined for operations on others. */
export const performEndpoints =
  (groups: readonly EndpointGroup[]) =>
  (operation: Operation): Promise<OperationResult> | undefined => {
    const { verb, group, version, resource, namespace = "", name = "", user, options = {}, signal } = operation;
    const found = groups.find((each) => each.group === group && each.version === version);
    if (!found) return undefined;
    const path = operation.subresource === undefined ? resource : `${resource}/${operation.subresource}`;
    const endpoint = found.endpoints.find((each) => each.resource === path && each.namespaced === (namespace !== ""));
    if (!endpoint) throw resourceNotFound();
    const get = endpoint.methods["GET"];
    if (!get || (verb !== "get" && verb !== "list")) throw methodNotAllowed();
    const query = new URLSearchParams();
    if (options.labelSelector !== undefined) query.set("labelSelector", options.labelSelector);
    if (options.fieldSelector !== undefined) query.set("fieldSelector", options.fieldSelector);
    const asked = {
      method: "GET",
      namespace,
      name,
      query,
      user,
      signal: signal ?? new AbortController().signal,
      body: () => Promise.resolve(undefined),
    };
    return get(asked).then((value): OperationResult => {
      if (verb === "get") return { kind: "value", code: 200, value: value as AnyObject };
      const { items, ...list } = value as KubeList<AnyObject>;
      return { kind: "list", list, items: items.map((object) => ({ object, bytes: Buffer.from(JSON.stringify(object)) })) };
    });
  };

const bodyLimit = 3 * 1024 * 1024;

/** Answers requests to the groups; undefined for those to others. */
export const endpointHandler =
  (groups: readonly EndpointGroup[], encoder: Encoder): ((asked: AuthorizedRequest) => Promise<HttpResponse> | undefined) =>
  (asked) => {
    const { group, version } = asked.info;
    const found = groups.find((each) => each.group === group && each.version === version);
    return found && answer(found, asked, encoder);
  };

const answer = async (
  { endpoints }: EndpointGroup,
  { request, info, user }: AuthorizedRequest,
  encoder: Encoder,
): Promise<HttpResponse> => {
  const { resource, subresource, namespace, name } = info;
  const path = subresource === "" ? resource : `${resource}/${subresource}`;
  const isNamed = (each: Endpoint): boolean => each.resource === path && each.namespaced === (namespace !== "");
  // An action upon the only one there is: `clock/advance` reads as an object of that name.
  const endpoint =
    (subresource === "" ? endpoints.find((each) => each.resource === `${resource}/${name}` && !each.namespaced) : undefined) ??
    endpoints.find(isNamed);
  if (!endpoint) throw resourceNotFound();
  const method = Object.hasOwn(endpoint.methods, request.method) ? endpoint.methods[request.method] : undefined;
  if (!method) throw methodNotAllowed();
  const value = await method({
    method: request.method,
    namespace,
    name,
    query: request.query,
    user,
    signal: request.signal,
    body: () => bodyOf(request),
  });
  return encoder.value(
    200,
    value,
    negotiateOutput(request, () => false),
  );
};

const bodyOf = async (request: HttpRequest): Promise<unknown> => {
  try {
    const text = Buffer.from(await request.body(bodyLimit)).toString("utf8");
    return text.trim() === "" ? undefined : readYaml(text).value;
  } catch (error) {
    if (error instanceof BodyTooLargeError)
      throw failure(413, "RequestEntityTooLarge", `Request entity too large: limit is ${String(bodyLimit)}`);
    if (error instanceof YamlError) throw badRequest(`the body is neither JSON nor YAML: ${error.message}`);
    throw error;
  }
};
