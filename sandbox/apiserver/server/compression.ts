import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { headerOf, isStream, type HttpRequest, type HttpResponse } from "./http.ts";

const compressed = promisify(gzip);

/** Answers of at least so many bytes are worth compressing: upstream's gzip threshold. */
const threshold = 128 * 1024;

/** A big answer as gzip, where the client takes that. */
export const withCompression = async (request: HttpRequest, response: HttpResponse): Promise<HttpResponse> => {
  const { body } = response;
  if (body === undefined || isStream(body) || body.length < threshold || response.headers["content-encoding"] !== undefined)
    return response;
  if (!/\bgzip\b/.test(headerOf(request.headers, "accept-encoding"))) return response;
  return {
    ...response,
    headers: { ...response.headers, "content-encoding": "gzip", "vary": "Accept-Encoding" },
    body: await compressed(body, { level: 4 }),
  };
};
