import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { StatusError } from "../../apimachinery/errors/status.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";
import { negotiateOutput, wantsPretty, type Encoding, type OutputMediaType } from "./negotiation.ts";
import type { ProtobufEncoder } from "./protobuf.ts";
import { warningHeaders } from "./warnings.ts";
import { toYaml } from "./yaml.ts";

export const contentTypes: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  yaml: "application/yaml",
  protobuf: "application/vnd.kubernetes.protobuf",
};

/** Writes answers in the form that was negotiated. */
export class Encoder {
  readonly #protobuf: ProtobufEncoder;

  constructor(protobuf: ProtobufEncoder) {
    this.#protobuf = protobuf;
  }

  /** A value that is not kept serialized. `headers` are added to the answer's. */
  value(code: number, value: object, output: OutputMediaType, headers: HttpResponse["headers"] = {}): HttpResponse {
    const { encoding, body } = this.#encode(value, output);
    return { code, headers: { ...headers, "content-type": contentTypes[encoding] }, body };
  }

  /** A refusal, in the form the client asked for as far as it can be told. */
  error(error: StatusError, request: HttpRequest, headers: HttpResponse["headers"] = {}): HttpResponse {
    const retryAfter = error.status.details?.retryAfterSeconds;
    const more = { ...headers, ...warningHeaders(error.warnings), ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }) };
    return this.value(error.code, error.status, outputOf(request), more);
  }

  #encode(value: object, { encoding, pretty }: OutputMediaType): { readonly encoding: Encoding; readonly body: string | Uint8Array } {
    if (encoding === "protobuf") {
      const bytes = this.#protobuf.object(value as AnyObject);
      if (bytes) return { encoding, body: bytes };
    }
    if (encoding === "yaml") return { encoding, body: toYaml(value) };
    return { encoding: "json", body: `${JSON.stringify(value, undefined, pretty ? 2 : undefined)}\n` };
  }
}

const outputOf = (request: HttpRequest): OutputMediaType => {
  try {
    return negotiateOutput(request);
  } catch {
    return { encoding: "json", pretty: wantsPretty(request) };
  }
};
