import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type {
  Operation,
  OperationOptions,
  OperationResult,
  PatchType,
  Perform,
  UserInfo,
  Verb,
} from "../../apimachinery/operation/operation.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Random } from "../../base/random/random.ts";
import type { ServedResource, ServedSubresource } from "../discovery/served-resource.ts";
import type { BodyDecoder } from "./body-decoder.ts";
import { contentTypes, type Encoder } from "./encoding.ts";
import { BodyTooLargeError, headerOf, type HttpRequest, type HttpResponse } from "./http.ts";
import { listBytes } from "./list-bytes.ts";
import { mediaTypeOf } from "./media-types.ts";
import {
  allowsTransform,
  allowsTransformOfWatchList,
  negotiateOutput,
  notAcceptable,
  objectMediaTypes,
  routeAccepts,
  unsupportedMediaType,
  type Encoding,
  type OutputMediaType,
} from "./negotiation.ts";
import type { ProtobufEncoder } from "./protobuf.ts";
import { deletionErrors, dryRunErrors, queryOptions, refuse } from "./query-options.ts";
import { isTrue, type RequestInfo } from "./request-info.ts";
import type { TablePrinters } from "./table.ts";
import { includeObjectOf, transformList, transformObject } from "./transform.ts";
import { warningHeaders } from "./warnings.ts";
import { watchBody } from "./watch-body.ts";

export interface ResourceHandlerParts {
  readonly perform: Perform;
  readonly decoder: BodyDecoder;
  readonly encoder: Encoder;
  readonly printers: TablePrinters;
  readonly clock: Clock;
  readonly random: Random;
  readonly protobuf: ProtobufEncoder;
}

/** A request that has been authorized and whose route is known. */
export interface ResourceRequest {
  readonly request: HttpRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly entry: ServedResource;
  readonly subresource?: ServedSubresource;
}

/** Bodies of objects and patches may have so many bytes (upstream's MaxRequestBodyBytes). */
const bodyLimit = 3 * 1024 * 1024;

/** Watches that name no time end by themselves after one to two of these: upstream's --min-request-timeout. Seconds. */
const leastWatchSeconds = 1800;

/** Turns requests on resources into operations, and their results into answers. Refusals are thrown as StatusErrors. */
export class ResourceHandler {
  readonly #parts: ResourceHandlerParts;

  constructor(parts: ResourceHandlerParts) {
    this.#parts = parts;
  }

  async handle(asked: ResourceRequest): Promise<HttpResponse> {
    const { request, entry } = asked;
    const verb = verbOf(asked);
    const refusal = entry.custom ? undefined : routeRefusal(request, verb);
    if (refusal) throw refusal;
    const output = outputFor(request, verb);
    if (output.transform) await this.#parts.printers.ready();
    const operation = await this.#operation(asked, verb);
    const result = await this.#parts.perform(operation);
    return this.#respond(asked, output, result);
  }

  async #operation(asked: ResourceRequest, verb: Verb): Promise<Operation> {
    const { request, info, user, entry, subresource } = asked;
    const operation = {
      verb,
      group: entry.group,
      version: entry.version,
      resource: entry.resource,
      ...(subresource && { subresource: subresource.name }),
      ...(entry.namespaced && info.namespace !== "" && { namespace: info.namespace }),
      ...(info.parts.length > 1 && { name: info.parts[1] }),
      user,
      userAgent: headerOf(request.headers, "user-agent"),
      signal: request.signal,
    };
    switch (verb) {
      case "get":
      case "list":
        return { ...operation, options: queryOptions(request.query, verb) };
      case "watch":
        return { ...operation, options: this.#watchOptions(request) };
      case "create":
      case "update": {
        const { encoding, body } = await readBody(request);
        const options = queryOptions(request.query, verb);
        return { ...operation, options, ...this.#parts.decoder.object(body, encoding, bodyContext(asked, options)) };
      }
      case "patch": {
        const type = patchTypeOf(request, entry);
        const body = await readBytes(request);
        const options = queryOptions(request.query, verb, type);
        const decoded = this.#parts.decoder.patch(body, type, bodyContext(asked, options));
        return { ...operation, options, patch: { type, body: decoded.body }, ...(decoded.warnings && { warnings: decoded.warnings }) };
      }
      case "delete":
      case "deletecollection":
        return { ...operation, options: await this.#deletionOptions(request, verb) };
    }
  }

  #watchOptions({ query }: HttpRequest): OperationOptions {
    const options = queryOptions(query, "watch");
    return options.timeoutSeconds
      ? options
      : { ...options, timeoutSeconds: Math.floor(leastWatchSeconds * (1 + this.#parts.random.next())) };
  }

  /** From the body if there is one, else from the query; what selects comes from the query always. */
  async #deletionOptions(request: HttpRequest, verb: "delete" | "deletecollection"): Promise<OperationOptions> {
    const bytes = await readBytes(request);
    if (bytes.length === 0) return queryOptions(request.query, verb);
    const {
      dryRun,
      kind: _kind,
      apiVersion: _version,
      metadata: _metadata,
      ...given
    } = this.#parts.decoder.deleteOptions(bytes, inputEncoding(request));
    const dryRuns = (dryRun ?? []) as readonly string[];
    const options = given as OperationOptions;
    refuse("DeleteOptions", [...deletionErrors(options), ...dryRunErrors(dryRuns)]);
    const selecting = verb === "delete" ? {} : queryOptions(request.query, "list");
    return { ...selecting, ...options, ...(dryRuns.length > 0 && { dryRun: true }) };
  }

  #respond(asked: ResourceRequest, output: OutputMediaType, result: OperationResult): HttpResponse {
    const { encoder, clock, printers } = this.#parts;
    const { request, entry } = asked;
    const headers = warningHeaders(result.warnings);
    const transforming = output.transform && {
      entry,
      transform: output.transform,
      include: includeObjectOf(request.query),
      now: clock.now(),
      printers,
    };
    const plainJson = output.encoding === "json" && !output.pretty;
    switch (result.kind) {
      case "object":
        if (transforming) return encoder.value(result.code, transformObject(result.stored.object, transforming), output, headers);
        if (plainJson)
          return {
            code: result.code,
            headers: { ...headers, "content-type": contentTypes.json },
            body: Buffer.concat([result.stored.bytes, newline]),
          };
        return encoder.value(result.code, result.stored.object, output, headers);
      case "value":
        if (transforming && result.value.kind === "Scale")
          return encoder.value(
            result.code,
            transformObject(result.value, { ...transforming, entry: { ...entry, ...scaleResource } }),
            output,
            headers,
          );
        return encoder.value(result.code, result.value, output, headers);
      case "list": {
        const { list, items } = result;
        if (transforming)
          return encoder.value(
            200,
            transformList(
              list,
              items.map(({ object }) => object),
              transforming,
            ),
            output,
            headers,
          );
        if (plainJson)
          return { code: 200, headers: { ...headers, "content-type": contentTypes.json }, body: listBytes(list, items, entry.custom) };
        return encoder.value(
          200,
          { ...list, items: items.map(({ object, bare }) => (bare === undefined || entry.custom ? object : withoutKind(object))) },
          output,
          headers,
        );
      }
      case "watch":
        return this.#watchResponse(asked, output, result.stream, headers);
    }
  }

  #watchResponse(
    { request, entry }: ResourceRequest,
    output: OutputMediaType,
    stream: Extract<OperationResult, { kind: "watch" }>["stream"],
    headers: HttpResponse["headers"],
  ): HttpResponse {
    const { clock, printers, protobuf } = this.#parts;
    const { transform } = output;
    // What has no binary form travels as JSON, and says so.
    const asProtobuf = output.encoding === "protobuf" && !entry.custom && !transform;
    const include = includeObjectOf(request.query);
    const body = watchBody(stream, {
      signal: request.signal,
      ...(transform && {
        transform: (object, _type, first) => transformObject(object, { entry, transform, include, now: clock.now(), printers }, first),
      }),
      ...(asProtobuf && { frame: (type, object) => protobuf.frame(type, object) ?? new Uint8Array() }),
    });
    return {
      code: 200,
      headers: { ...headers, "content-type": asProtobuf ? `${contentTypes.protobuf};stream=watch` : contentTypes.json },
      body,
    };
  }
}

/** What the scale subresource shows is a kind of its own, also as a table. */
const scaleResource = { group: "autoscaling", version: "v1", resource: "scales", kind: "Scale", custom: false };

/** Go's encoder ends every value so. */
const newline = Buffer.from("\n");

const withoutKind = ({ kind: _kind, apiVersion: _version, ...rest }: AnyObject): object => rest;

const verbOf = ({ info, subresource, request }: ResourceRequest): Verb => {
  if (info.watchPath) return "watch";
  if (subresource || info.parts.length > 1) return itemVerbs[request.method] ?? "get";
  return request.method === "GET"
    ? isTrue(request.query.get("watch")) && request.query.has("watch")
      ? "watch"
      : "list"
    : request.method === "DELETE"
      ? "deletecollection"
      : "create";
};

const itemVerbs: Readonly<Record<string, Verb>> = { GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };

const watchMediaTypes: readonly string[] = ["application/json;stream=watch", "application/vnd.kubernetes.protobuf;stream=watch"];

const patchMediaTypes: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

/** What upstream's router refuses before the resource is asked: a patch of no known type, an answer of no known type. */
const routeRefusal = (request: HttpRequest, verb: Verb) => {
  if (verb === "patch" && !(mediaTypeOf(headerOf(request.headers, "content-type")) in patchMediaTypes))
    return failure(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
  return routeAccepts(request, verb === "list" || verb === "watch" ? [...objectMediaTypes, ...watchMediaTypes] : objectMediaTypes);
};

const outputFor = (request: HttpRequest, verb: Verb): OutputMediaType => {
  if (verb !== "watch") return negotiateOutput(request, allowsTransform);
  const output = negotiateOutput(request, isTrue(request.query.get("sendInitialEvents")) ? allowsTransformOfWatchList : allowsTransform);
  if (output.encoding === "yaml") throw notAcceptable(watchMediaTypes);
  return output;
};

const patchTypeOf = (request: HttpRequest, entry: ServedResource): PatchType => {
  const known = Object.keys(patchMediaTypes).filter((type) => !entry.custom || patchMediaTypes[type] !== "strategic");
  const type = mediaTypeOf(headerOf(request.headers, "content-type"));
  const patchType = known.includes(type) ? patchMediaTypes[type] : undefined;
  if (!patchType) throw unsupportedMediaType(known);
  return patchType;
};

const inputEncoding = (request: HttpRequest): Encoding => {
  const type = mediaTypeOf(headerOf(request.headers, "content-type"));
  const at = type === "" ? 0 : objectMediaTypes.indexOf(type);
  const encoding = (["json", "yaml", "protobuf"] as const)[at];
  if (!encoding) throw unsupportedMediaType(objectMediaTypes);
  return encoding;
};

const readBody = async (request: HttpRequest): Promise<{ readonly encoding: Encoding; readonly body: Uint8Array }> => {
  const encoding = inputEncoding(request);
  return { encoding, body: await readBytes(request) };
};

const readBytes = async (request: HttpRequest): Promise<Uint8Array> => {
  try {
    return await request.body(bodyLimit);
  } catch (error) {
    if (error instanceof BodyTooLargeError)
      throw failure(413, "RequestEntityTooLarge", `Request entity too large: limit is ${String(bodyLimit)}`);
    throw badRequest(error instanceof Error ? error.message : String(error));
  }
};

const bodyContext = ({ entry, subresource }: ResourceRequest, { fieldValidation = "Warn" }: OperationOptions) => ({
  entry,
  ...(subresource && { subresource }),
  fieldValidation,
});
