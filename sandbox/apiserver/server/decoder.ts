import { decodeObject, decodeValue, type Scheme } from "../../apimachinery/decode/decode.ts";
import { JsonSyntaxError, plainNumbers, readJson } from "../../apimachinery/decode/json-reader.ts";
import { DecodeError } from "../../apimachinery/errors/decode-error.ts";
import { UnreadableBody, type TextMediaType } from "../../apimachinery/decode/parse-body.ts";
import { readBody, type BodyMediaType } from "../../apimachinery/decode/read-body.ts";
import { readYaml, YamlError } from "../../apimachinery/decode/yaml.ts";
import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { PatchType } from "../../apimachinery/operation/operation.ts";
import type { BodyContext, BodyDecoder, DecodedBody } from "./body-decoder.ts";
import { objectMediaTypes, unsupportedMediaType } from "./negotiation.ts";

/** Objects of custom kinds have no Go type: they are decoded by their definition's schema. */
export type CustomDecoder = (body: Uint8Array, mediaType: TextMediaType, context: BodyContext) => DecodedBody;

export interface DecoderParts {
  readonly scheme: Scheme;
  readonly custom: CustomDecoder;
}

/** Reads what clients send, as the release's decoders do. */
export const bodyDecoder = ({ scheme, custom }: DecoderParts): BodyDecoder => ({
  object(body, encoding, context) {
    const { entry, subresource, fieldValidation } = context;
    const expected = {
      group: subresource?.group ?? entry.group,
      version: subresource?.version ?? entry.version,
      kind: subresource?.kind ?? entry.kind,
    };
    const isBuiltIn = !entry.custom || (subresource?.group !== undefined && subresource.group !== entry.group);
    if (isBuiltIn) return decodeObject(scheme, { body, mediaType: bodyMediaTypes[encoding], expected, fieldValidation });
    if (encoding === "protobuf") throw unsupportedMediaType(objectMediaTypes.slice(0, 2));
    return custom(body, bodyMediaTypes[encoding], context);
  },

  patch(body, type, { fieldValidation }) {
    if (type === "apply") return applyConfiguration(textOf(body), fieldValidation);
    try {
      return { body: plainNumbers(readJson(textOf(body)).value) };
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      throw badRequest(unreadablePatch[type] + error.message);
    }
  },

  deleteOptions: (body, encoding) => decodeDeleteOptions(scheme, body, bodyMediaTypes[encoding]),
});

const bodyMediaTypes = { json: "application/json", yaml: "application/yaml", protobuf: "application/vnd.kubernetes.protobuf" } as const;

const textOf = (body: Uint8Array): string => Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");

const unreadablePatch: Readonly<Record<Exclude<PatchType, "apply">, string>> = {
  json: "error decoding patch: ",
  merge: "error decoding patch: ",
  strategic: "",
};

/** The body of a server-side apply: YAML, of which JSON is a part. */
const applyConfiguration = (
  text: string,
  fieldValidation: BodyContext["fieldValidation"],
): { readonly body: unknown; readonly warnings?: readonly string[] } => {
  try {
    const { value, repeated } = readYaml(text);
    if (value !== null && (typeof value !== "object" || Array.isArray(value))) {
      const word = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
      throw badRequest(
        `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${word} into Go value of type map[string]interface {}`,
      );
    }
    if (repeated.length > 0 && fieldValidation === "Strict")
      throw badRequest(
        `error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n${repeated.map((line) => `  ${line}`).join("\n")}`,
      );
    return { body: value ?? {}, ...(fieldValidation === "Warn" && repeated.length > 0 && { warnings: repeated }) };
  } catch (error) {
    if (error instanceof YamlError)
      throw badRequest(
        `error decoding YAML: ${error.message.startsWith("yaml: ") ? `error converting YAML to JSON: ${error.message}` : error.message}`,
      );
    throw error;
  }
};

const deleteOptionsKind = { group: "", version: "v1", kind: "DeleteOptions" };

/** Upstream answers these errors as they are, without a reason: 500. */
const plainFailure = (message: string): StatusError => failure(500, "", message);

const decodeDeleteOptions = (scheme: Scheme, body: Uint8Array, mediaType: BodyMediaType): AnyObject => {
  try {
    const read = readBody(body, mediaType, deleteOptionsKind);
    const { group, version, kind } = read;
    if (kind !== deleteOptionsKind.kind) {
      const apiVersion = group === "" ? version : `${group}/${version}`;
      throw plainFailure(
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/apis/meta/internalversion/scheme/register.go:27"`,
      );
    }
    const schema = scheme.schemaOf("v1", kind);
    if (!schema) throw new Error("the release knows no DeleteOptions");
    const { object, error } = decodeValue(schema, read.parsed(schema), false);
    if (error !== undefined) throw plainFailure(error);
    return object as unknown as AnyObject;
  } catch (error) {
    if (error instanceof UnreadableBody || error instanceof DecodeError) throw plainFailure(error.message);
    throw error;
  }
};
