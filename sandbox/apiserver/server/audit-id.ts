import type { Random } from "../../base/random/random.ts";
import { headerOf, type HttpRequest, type HttpResponse } from "./http.ts";

const longest = 64;

/** The identity under which a request is known: the client's own, or a new one. */
export const auditIdOf = ({ headers }: HttpRequest, random: Random): string =>
  headerOf(headers, "audit-id").slice(0, longest) || random.uuid();

/** What every answer bears. */
export const withCommonHeaders = (response: HttpResponse, auditId: string): HttpResponse => ({
  ...response,
  headers: { "audit-id": auditId, "cache-control": "no-cache, private", ...response.headers },
});
