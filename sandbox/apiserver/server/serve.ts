import { badRequest, internalError } from "../../apimachinery/errors/constructors.ts";
import { failure, StatusError } from "../../apimachinery/errors/status.ts";
import type { UserInfo } from "../../apimachinery/operation/operation.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { Log } from "../../base/log/log.ts";
import type { Random } from "../../base/random/random.ts";
import { AuthenticationError, type Credentials, type Identity } from "../authentication/authenticator.ts";
import { impersonated, ImpersonationError } from "../authentication/impersonation.ts";
import type { AuditLog, AuditRecord } from "../audit/audit-log.ts";
import { decide, type Attributes, type Authorizer, type Decision } from "../authorization/authorizer.ts";
import { notAuthorized } from "../authorization/forbidden.ts";
import type { FlowControl } from "../flowcontrol/flow-control.ts";
import { auditIdOf, withCommonHeaders } from "./audit-id.ts";
import { withCompression } from "./compression.ts";
import type { Encoder } from "./encoding.ts";
import { text, type HttpRequest, type HttpResponse, type Serve } from "./http.ts";
import { requestInfoOf, type RequestInfo } from "./request-info.ts";
import type { RequestMetrics } from "./server-metrics.ts";
import { warningHeaders } from "./warnings.ts";

/** A request whose sender is known and may make it. */
export interface AuthorizedRequest {
  readonly request: HttpRequest;
  readonly info: RequestInfo;
  readonly user: UserInfo;
}

/** A request whose sender is known: what he may is still to be asked. */
interface KnownRequest extends AuthorizedRequest {
  readonly record: AuditRecord | undefined;
}

export type Handler = (asked: AuthorizedRequest) => HttpResponse | Promise<HttpResponse>;

export interface ServeParts {
  readonly authenticate: (credentials: Credentials) => Promise<Identity>;
  readonly authorizer: Authorizer;
  /** Paths that are about a resource. */
  readonly resources: Handler;
  /** All other paths. */
  readonly paths: Handler;
  readonly encoder: Encoder;
  readonly metrics: RequestMetrics;
  /** Nothing is written down when absent. */
  readonly audit?: AuditLog;
  /** Every request is answered at once when absent. */
  readonly flowControl?: FlowControl;
  /** Requests that no time limit holds for, besides those that are meant to last: those that move time. */
  readonly isUnlimited?: (info: RequestInfo) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** How long a request may take that is not meant to last: upstream's --request-timeout. Milliseconds. */
const requestTimeoutMs = 60_000;

/** The API server's outer door: who is it, may they, what is it about, and what is the answer. */
export const createServe =
  (parts: ServeParts): Serve =>
  async (request) => {
    const { clock, random, metrics } = parts;
    const info = requestInfoOf(request.method, request.path, request.query);
    const begun = clock.now();
    const finish = metrics.begin(info, request.method);
    const auditId = auditIdOf(request, random);
    const response = await answer(parts, request, info, auditId);
    finish(response.code, String(response.headers["content-type"] ?? ""), (clock.now() - begun) / 1000);
    return withCommonHeaders(await withCompression(request, response), auditId);
  };

const answer = async (parts: ServeParts, request: HttpRequest, info: RequestInfo, auditId: string): Promise<HttpResponse> => {
  let record: AuditRecord | undefined;
  let known = false;
  try {
    const { user: sender } = await parts.authenticate(request);
    known = true;
    record = parts.audit?.begin({ request, info, user: sender, auditId });
    const user = await impersonated(sender, request.headers, parts.authorizer);
    if (user !== sender) record?.impersonating(user);
    const response = await inTurn(parts, { request: record?.request ?? request, info, user, record });
    return record ? record.answered(response) : response;
  } catch (error) {
    const response = refusal(parts, request, error, record);
    if (!known) parts.audit?.begin({ request, info, auditId })?.unauthenticated(response.code);
    return record ? record.answered(response) : response;
  }
};

/**
 * Answers when the request's priority level has a seat for it, or says that there are too many. What is meant to last takes none, but a watch while it
 * begins.
 */
const inTurn = async (parts: ServeParts, asked: KnownRequest): Promise<HttpResponse> => {
  const { info, user, request, record } = asked;
  const untimed = isLongRunning(info) || parts.isUnlimited?.(info) === true;
  const classified = untimed && info.verb !== "watch" ? undefined : parts.flowControl?.classify(user, info);
  if (!classified) return permitted(parts, asked, untimed);
  const { headers, seats, flow } = classified;
  const entered = seats.enter(flow);
  if (!(entered === true || (await entered)))
    return text(429, "Too many requests, please try again later.\n", { ...headers, "retry-after": "1" });
  try {
    const response = await permitted(parts, asked, untimed).catch((error: unknown) => refusal(parts, request, error, record));
    return { ...response, headers: { ...response.headers, ...headers } };
  } finally {
    seats.leave();
  }
};

const permitted = async (parts: ServeParts, asked: KnownRequest, untimed: boolean): Promise<HttpResponse> => {
  const { info, user, record } = asked;
  const authorizing = authorize(parts.authorizer, user, info, record);
  if (authorizing) await authorizing;
  const handled = info.isResource ? parts.resources(asked) : parts.paths(asked);
  return untimed ? handled : withinTime(parts.clock, handled);
};

/** Throws 403 where the user may not; a promise only where somebody else has to be asked. */
export const authorize = (authorizer: Authorizer, user: UserInfo, info: RequestInfo, record?: AuditRecord): undefined | Promise<void> => {
  const attributes = attributesOf(user, info);
  const checked = (answer: Decision): void => {
    record?.decided(answer);
    if (answer.decision !== "allow") throw notAuthorized(attributes, answer.reason);
  };
  const decided = decide(authorizer, attributes);
  if (decided instanceof Promise) return decided.then(checked);
  checked(decided);
  return undefined;
};

const attributesOf = (user: UserInfo, info: RequestInfo): Attributes => {
  const { isResource, verb, group, version, resource, subresource, namespace, name, path, fieldSelector } = info;
  if (!isResource) return { user, verb, path };
  const fields = fieldSelector && { fieldRequirements: fieldSelector.requirements };
  return { user, verb, group, version, resource, subresource, namespace, name, ...fields };
};

const refusal = ({ encoder, log }: ServeParts, request: HttpRequest, error: unknown, record?: AuditRecord): HttpResponse => {
  if (error instanceof StatusError) return encoder.error(error, request, warningHeaders(error.warnings));
  if (error instanceof AuthenticationError) return encoder.error(failure(401, "Unauthorized", "Unauthorized"), request);
  if (error instanceof ImpersonationError) return text(500, `Internal Server Error: ${JSON.stringify(request.path)}: ${error.message}\n`);
  // Whatever is nested too deep for one of those who walk it is the client's doing.
  if (error instanceof RangeError && error.message === "Maximum call stack size exceeded")
    return encoder.error(badRequest("exceeded max depth"), request);
  record?.panicked(error);
  log.error("a request failed", {
    method: request.method,
    path: request.path,
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  return encoder.error(internalError(error instanceof Error ? error.message : String(error)), request);
};

const longRunning = new Set(["attach", "exec", "proxy", "log", "portforward"]);

/** What lasts as long as both sides want: watches, and connections to what runs. */
export const isLongRunning = ({ verb, subresource }: RequestInfo): boolean =>
  verb === "watch" || verb === "proxy" || longRunning.has(subresource);

const withinTime = async (clock: Clock, handled: HttpResponse | Promise<HttpResponse>): Promise<HttpResponse> => {
  if (!(handled instanceof Promise)) return handled;
  const late = Promise.withResolvers<never>();
  const timer = clock.after(requestTimeoutMs, () =>
    late.reject(failure(504, "Timeout", "Timeout: request did not complete within the allotted timeout", {})),
  );
  try {
    return await Promise.race([handled, late.promise]);
  } finally {
    timer.cancel();
  }
};
