import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { failure, StatusError } from "../../apimachinery/errors/status.ts";
import { AuthenticationError } from "../authentication/authenticator.ts";
import { impersonated } from "../authentication/impersonation.ts";
import type { AuditRecord } from "../audit/audit-log.ts";
import type { ServedResources } from "../discovery/served-resources.ts";
import { auditIdOf } from "./audit-id.ts";
import type { Connector } from "./connect/connector.ts";
import { isStream, type HttpRequest, type HttpResponse, type Serve } from "./http.ts";
import { requestInfoOf } from "./request-info.ts";
import { routeOf } from "./routes.ts";
import { authorize, type ServeParts } from "./serve.ts";

/** Takes a connection that a client wants to speak another protocol on. */
export type Upgrade = (request: HttpRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

export interface UpgradeParts extends Pick<ServeParts, "authenticate" | "authorizer" | "audit" | "encoder" | "log" | "random"> {
  /** Answers what cannot be upgraded, as if nobody had asked to. */
  readonly serve: Serve;
  readonly served: ServedResources;
  readonly connector: Connector;
}

/** The API server's second door: who it is and whether they may is asked as at the first, then the connection goes to what stands behind the object. */
export const createUpgrade =
  (parts: UpgradeParts): Upgrade =>
  async (request, incoming, socket, head) => {
    let record: AuditRecord | undefined;
    try {
      const info = requestInfoOf(request.method, request.path, request.query);
      const route = info.isResource ? routeOf(info, request.method, parts.served) : undefined;
      if (route?.kind !== "connect") {
        refuse(socket, await parts.serve(request));
        return;
      }
      const { user: sender } = await parts.authenticate(request);
      record = parts.audit?.begin({ request, info, user: sender, auditId: auditIdOf(request, parts.random) });
      const user = await impersonated(sender, request.headers, parts.authorizer);
      if (user !== sender) record?.impersonating(user);
      await authorize(parts.authorizer, user, info, record);
      const connection = record?.upgraded();
      socket.once("close", () => connection?.completed());
      await parts.connector.upgrade({ request, info, user }, route, { incoming, socket, head });
    } catch (error) {
      const response = refusal(parts, request, error);
      refuse(socket, record ? record.answered(response) : response);
    }
  };

const refusal = ({ encoder, log }: UpgradeParts, request: HttpRequest, error: unknown): HttpResponse => {
  if (error instanceof StatusError) return encoder.error(error, request);
  if (error instanceof AuthenticationError) return encoder.error(failure(401, "Unauthorized", "Unauthorized"), request);
  const message = error instanceof Error ? error.message : String(error);
  log.error("a connection failed", { path: request.path, error: message });
  return encoder.error(failure(500, "InternalError", `Internal error occurred: ${message}`, { causes: [{ message }] }), request);
};

/** Writes an answer on a connection that HTTP has let go of; what would come over time is left out. */
const refuse = (socket: Duplex, { code, headers, body }: HttpResponse): void => {
  if (socket.destroyed || socket.writableEnded) return;
  if (isStream(body)) body.cancel();
  const content = body === undefined || isStream(body) ? "" : body;
  const lines = [
    `HTTP/1.1 ${String(code)} ${STATUS_CODES[code] ?? ""}`,
    "Connection: close",
    `Content-Length: ${String(Buffer.byteLength(content))}`,
  ];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${String(value)}`);
  socket.end(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(content)]));
};
