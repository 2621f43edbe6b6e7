import { toMicroTime, type Clock } from "../../base/clock/clock.ts";
import type { Decision } from "../authorization/authorizer.ts";
import type { UserInfo } from "../operation.ts";
import { headerOf, isStream, type HttpRequest, type HttpResponse } from "../server/http.ts";
import type { RequestInfo } from "../server/request-info.ts";
import { objectOf, withoutManagedFields, type ReadBinary } from "./body.ts";
import { evaluate, type AuditConfig, type AuditPolicy, type Level, type Stage } from "./policy.ts";

/** What is written down, and where to. */
export interface AuditSettings {
  readonly policy: AuditPolicy;
  /** Takes one event, a line of JSON without its end. */
  readonly write: (line: string) => void;
}

export interface AuditLogOptions extends AuditSettings {
  readonly clock: Clock;
  readonly readBinary: ReadBinary;
}

interface Asked {
  readonly request: HttpRequest;
  readonly info: RequestInfo;
  /** Absent: nobody could be made out. */
  readonly user?: UserInfo;
  readonly auditId: string;
}

/** Writes down who asked for what, as far as the policy wants it: upstream's log backend, JSON lines of audit.k8s.io/v1 Event. */
export class AuditLog {
  readonly #options: AuditLogOptions;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** Undefined when nothing is to be written of this request. */
  begin(asked: Asked): AuditRecord | undefined {
    const config = evaluate(this.#options.policy, asked.user, asked.info);
    return config.level === "None" ? undefined : new AuditRecord(asked, config, this.#options);
  }
}

/** One request, from its coming in to the end of its answer. */
export class AuditRecord {
  /** The request, whose body is seen as it is read. */
  readonly request: HttpRequest;
  readonly #asked: Asked;
  readonly #config: AuditConfig;
  readonly #options: AuditLogOptions;
  readonly #receivedAt: number;
  #impersonated: UserInfo | undefined;
  #annotations: Readonly<Record<string, string>> | undefined;
  #body: Uint8Array | undefined;
  #responseStatus: object | undefined;
  #responseObject: unknown;
  #panicked = false;

  constructor(asked: Asked, config: AuditConfig, options: AuditLogOptions) {
    [this.#asked, this.#config, this.#options] = [asked, config, options];
    this.#receivedAt = options.clock.now();
    this.request = {
      ...asked.request,
      body: async (limit) => (this.#body = await asked.request.body(limit)),
    };
    if (asked.user) this.#write("RequestReceived");
  }

  impersonating(user: UserInfo): void {
    this.#impersonated = user;
  }

  decided({ decision, reason }: Decision): void {
    this.#annotations = {
      "authorization.k8s.io/decision": decision === "allow" ? "allow" : "forbid",
      "authorization.k8s.io/reason": reason,
    };
  }

  /** The answer as it goes out: one that lasts is written down when it starts and when it ends. */
  answered(response: HttpResponse): HttpResponse {
    if (this.#panicked) return response;
    const { body } = response;
    this.#responseStatus = { metadata: {}, code: response.code };
    if (isStream(body)) {
      this.#write("ResponseStarted");
      const complete = this.#once(() => this.#write("ResponseComplete"));
      return {
        ...response,
        body: {
          start: (sink) => {
            body.start({
              write: (chunk) => sink.write(chunk),
              drained: () => sink.drained(),
              abort: () => {
                complete();
                sink.abort?.();
              },
              end: () => {
                complete();
                sink.end();
              },
            });
          },
          cancel: () => {
            complete();
            body.cancel();
          },
        },
      };
    }
    const failed = response.code >= 400;
    if (failed || this.#isAtLeast("RequestResponse")) {
      const value = objectOf(body, String(response.headers["content-type"] ?? ""), this.#options.readBinary);
      const { kind, apiVersion, ...status } = (value ?? {}) as { readonly kind?: string; readonly apiVersion?: string };
      if (failed && kind === "Status" && apiVersion === "v1") this.#responseStatus = status;
      if (this.#isAtLeast("RequestResponse")) this.#responseObject = value;
    }
    this.#write("ResponseComplete");
    return response;
  }

  /** A connection that was handed over; `completed` when it ends. */
  upgraded(code = 101): { readonly completed: () => void } {
    this.#responseStatus = { metadata: {}, code };
    this.#write("ResponseStarted");
    return { completed: this.#once(() => this.#write("ResponseComplete")) };
  }

  /** Who could not be made out gets one event: what was tried. Upstream's WithFailedAuthenticationAudit. */
  unauthenticated(code: number): void {
    const bearer = headerOf(this.#asked.request.headers, "authorization").toLowerCase().startsWith("bearer ");
    const certificate = this.#asked.request.certificate !== undefined;
    const tried = [...(bearer ? ["bearer"] : []), ...(certificate ? ["x509"] : [])];
    const message = tried.length === 0 ? "no credentials provided" : `attempted: ${tried.join(", ")}`;
    this.#responseStatus = { metadata: {}, message: `Authentication failed, ${message}`, code };
    this.#write("ResponseStarted");
  }

  panicked(error: unknown): void {
    const message = `APIServer panic'd: ${error instanceof Error ? error.message : String(error)}`;
    this.#responseStatus = { metadata: {}, status: "Failure", message, reason: "InternalError", code: 500 };
    this.#panicked = true;
    this.#write("Panic");
  }

  #isAtLeast(level: Level): boolean {
    const order: readonly Level[] = ["None", "Metadata", "Request", "RequestResponse"];
    return order.indexOf(this.#config.level) >= order.indexOf(level);
  }

  #once(run: () => void): () => void {
    let done = false;
    return () => {
      if (!done) run();
      done = true;
    };
  }

  #write(stage: Stage): void {
    const { level, omitStages, omitManagedFields } = this.#config;
    if (omitStages.includes(stage)) return;
    const { request, info, user, auditId } = this.#asked;
    const sent = this.#sent(info);
    const shown = (value: unknown): unknown => (omitManagedFields ? withoutManagedFields(value) : value);
    const query = request.query.toString();
    const agent = headerOf(request.headers, "user-agent");
    const event = {
      kind: "Event",
      apiVersion: "audit.k8s.io/v1",
      level,
      auditID: auditId,
      stage,
      requestURI: `${encodeURI(request.path)}${query === "" ? "" : `?${query}`}`,
      verb: info.verb,
      user: user ? userOf(user) : {},
      ...(this.#impersonated && { impersonatedUser: userOf(this.#impersonated) }),
      sourceIPs: sourcesOf(request),
      ...(agent !== "" && { userAgent: agent }),
      ...(info.isResource && { objectRef: referenceOf(info, sent) }),
      responseStatus: this.#responseStatus,
      requestObject: sent !== undefined && this.#isAtLeast("Request") ? shown(sent) : undefined,
      responseObject: shown(this.#responseObject),
      requestReceivedTimestamp: toMicroTime(this.#receivedAt),
      stageTimestamp: toMicroTime(this.#options.clock.now()),
      annotations: this.#annotations,
    };
    this.#options.write(JSON.stringify(event));
  }

  /** What the client sent, where it is an object and somebody wants to know. */
  #sent({ verb, isResource }: RequestInfo): unknown {
    const bytes = this.#body;
    const wanted = isResource && (this.#isAtLeast("Request") || verb === "create" || verb === "update");
    if (!wanted || !bytes || bytes.length === 0) return undefined;
    return objectOf(bytes, headerOf(this.#asked.request.headers, "content-type"), this.#options.readBinary);
  }
}

const userOf = ({ name, uid, groups, extra }: UserInfo): object => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length > 0 && { groups }),
  ...(extra && Object.keys(extra).length > 0 && { extra }),
});

/** What the objects themselves say fills in what the path leaves open. */
const referenceOf = ({ group, version, resource, subresource, namespace, name }: RequestInfo, sent: unknown): object => {
  const { metadata } = (typeof sent === "object" && sent !== null ? sent : {}) as { readonly metadata?: Readonly<Record<string, unknown>> };
  const said = (key: string): string => (typeof metadata?.[key] === "string" ? metadata[key] : "");
  const [inNamespace, named] = [namespace || said("namespace"), name || said("name")];
  return {
    resource,
    ...(inNamespace && { namespace: inNamespace }),
    ...(named && { name: named }),
    ...(said("uid") && { uid: said("uid") }),
    ...(group && { apiGroup: group }),
    apiVersion: version,
    ...(said("resourceVersion") && { resourceVersion: said("resourceVersion") }),
    ...(subresource && { subresource }),
  };
};

/** Who sent it, as proxies on the way tell and the connection shows. */
const sourcesOf = ({ headers, remoteAddress }: HttpRequest): readonly string[] => {
  const forwarded = headerOf(headers, "x-forwarded-for")
    .split(",")
    .map((each) => each.trim());
  const own = remoteAddress.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return [...new Set([...forwarded, headerOf(headers, "x-real-ip"), own])].filter((each) => each !== "");
};
