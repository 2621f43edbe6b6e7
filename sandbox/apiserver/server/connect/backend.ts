import type { IncomingMessage } from "node:http";
import type { BodyStream, HttpResponse } from "../http.ts";

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "content-length",
]);

/** What a backend answers, on its way to our client: passed on as it comes. */
export const responseOf = (incoming: IncomingMessage): HttpResponse => {
  const headers: Record<string, string | readonly string[]> = {};
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined && !hopByHop.has(name)) headers[name] = value;
  return { code: incoming.statusCode ?? 502, headers, body: streamOf(incoming, () => incoming.destroy()) };
};

/** Chunks as a body: read no faster than the client takes them. */
export const streamOf = (chunks: AsyncIterable<Uint8Array>, cancel: () => void): BodyStream => ({
  start(sink) {
    const pass = async (): Promise<void> => {
      try {
        for await (const chunk of chunks) if (!sink.write(chunk)) await sink.drained();
      } catch {
        // The backend broke off; so does the answer.
      }
      sink.end();
    };
    void pass();
  },
  cancel,
});

/** The whole of a body, up to a limit; undefined for none. */
export const textOf = (body: HttpResponse["body"]): Promise<string> => {
  if (body === undefined) return Promise.resolve("");
  if (typeof body === "string") return Promise.resolve(body);
  if (body instanceof Uint8Array) return Promise.resolve(Buffer.from(body).toString("utf8"));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    body.start({
      write: (chunk) => chunks.push(Buffer.from(chunk)) > 0,
      drained: () => Promise.resolve(),
      end: () => resolve(Buffer.concat(chunks).toString("utf8")),
    });
  });
};
