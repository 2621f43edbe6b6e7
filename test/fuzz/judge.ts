import { gunzipSync } from "node:zlib";
import { isStream, type HttpResponse } from "../../sandbox/apiserver/server/http.ts";
import type { FuzzRequest } from "./request.ts";

/** What a real API server answers with 5xx too. Everything else above 499 is a fault of ours. */
const upstreams: readonly { readonly code: number; readonly when: RegExp; readonly message: RegExp }[] = [
  // A resourceVersion beyond the newest is waited for, in vain.
  { code: 504, when: /./, message: /Too large resource version/ },
  // What a proxy or a log leads to does not answer, or is not there.
  { code: 503, when: /\/(proxy|log|attach|exec|portforward)\b/, message: /./ },
  { code: 500, when: /\/(proxy|log|attach|exec|portforward)\b/, message: /dial|address|unknown|not allowed|lookup|upgrade|no such host/i },
  // Bodies of DELETE are read outside of the code that makes 400 of what cannot be read.
  { code: 500, when: /^DELETE /, message: /./ },
  // resourceVersions that are no numbers, or of the future where exactly that one is asked for.
  { code: 500, when: /^(GET|HEAD) .*resourceVersion=/, message: /strconv\.ParseUint|Invalid value|resource ?version|future revision/i },
  // Impersonation with headers that name nobody.
  { code: 500, when: /./, message: /requested [^]* without impersonating a user/ },
  { code: 500, when: /./, message: /failed calling webhook/ },
  { code: 500, when: /^(POST|PUT) /, message: /resourceVersion should not be set on objects to be created/ },
  // Errors of the patch libraries that the patch handler does not know by type.
  // A custom object without the field that its definition names.
  { code: 500, when: /\/scale\b/, message: /the spec replicas field .* does not exist/ },
  { code: 500, when: /^GET .*componentstatuses/, message: /Component not found/ },
  { code: 500, when: /^POST .*bindings?\b/, message: /target\.(kind|name)/ },
  { code: 500, when: /^PATCH /, message: /unknown patch type|failed to create typed patch object/ },
];

/** What is wrong with an answer; undefined where nothing is. */
export const complaint = (request: FuzzRequest, response: HttpResponse): string | undefined => {
  const { code, headers } = response;
  if (!Number.isInteger(code) || code < 100 || code > 599) return `the code is ${String(code)}`;
  if (isStream(response.body)) return undefined;
  const bytes = Buffer.from(response.body ?? "");
  const text = (headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString("utf8");
  if (code >= 500) {
    const known = upstreams.some(
      (each) => each.code === code && each.when.test(`${request.method} ${request.target}`) && each.message.test(text),
    );
    return known ? undefined : `${String(code)} ${text.slice(0, 500)}`;
  }
  if (code < 400 || !String(headers["content-type"] ?? "").startsWith("application/json")) return undefined;
  return statusComplaint(text, code);
};

const statusComplaint = (text: string, code: number): string | undefined => {
  const status = JSON.parse(text) as Record<string, unknown>;
  const isWhole = status["kind"] === "Status" && status["apiVersion"] === "v1" && status["status"] === "Failure" && status["code"] === code;
  return isWhole && typeof status["message"] === "string" ? undefined : `not a Status: ${text.slice(0, 500)}`;
};
