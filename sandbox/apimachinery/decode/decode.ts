import { badRequest } from "../errors/constructors.ts";
import type { StatusError } from "../errors/status.ts";
import { apiVersionOf, type AnyObject, type Draft } from "../meta/types.ts";
import type { ObjectSchema, SchemaSource } from "../schema/schema.ts";
import type { GroupVersionKind } from "./body-kind.ts";
import { DecodeError } from "../errors/decode-error.ts";
import { decodeValue, type DecodedValue } from "./decode-value.ts";
import { UnreadableBody } from "./parse-body.ts";
import { readBody, type BodyMediaType, type ReadBody } from "./read-body.ts";

export { decodeValue, type DecodedValue } from "./decode-value.ts";

/** What upstream calls a scheme: schemas by kind, and which kinds there are besides. Version packs are one. */
export interface Scheme extends SchemaSource {
  isRegistered(apiVersion: string, kind: string): boolean;
}

/** What the API server does with fields that it does not know, or that are there twice. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface DecodeRequest {
  readonly body: Uint8Array;
  readonly mediaType: BodyMediaType;
  /** The kind which the endpoint takes; a body may leave its own out. */
  readonly expected: GroupVersionKind;
  readonly fieldValidation: FieldValidation;
}

export interface Decoded {
  /** Fresh, in the form in which Go prints it, with apiVersion and kind. */
  readonly object: Draft<AnyObject>;
  /** With `Warn`: unknown and repeated fields. */
  readonly warnings: readonly string[];
}

/**
 * Decodes the body of a create or update of a built-in kind as the API server does. Throws BadRequest in upstream's words
 * (transformDecodeError) for what cannot be read, is of another kind, of wrong types, or, with `Strict`, has unknown or repeated fields.
 */
export const decodeObject = (scheme: Scheme, request: DecodeRequest): Decoded => {
  const { expected, fieldValidation } = request;
  const read = recognized(request);
  const refused = (why: string): StatusError =>
    badRequest(`${read.kind} in version ${JSON.stringify(read.version)} cannot be handled as a ${expected.kind}: ${why}`);
  const apiVersion = apiVersionOf(read);
  if (!scheme.isRegistered(apiVersion, read.kind)) throw refused(notRegistered(apiVersion, read.kind, expected));
  const result = valueIn(scheme.schemaOf(apiVersion, read.kind), read, fieldValidation !== "Ignore");
  if (result?.error !== undefined) throw refused(result.error);
  if (!isConvertible(read, expected)) throw refused(unknownConversion(read, expected));
  if (result === undefined)
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(expected)})`);
  const strict = [...repeatedInYaml(read.repeated), ...result.strict];
  if (fieldValidation === "Strict" && strict.length > 0) throw refused(`strict decoding error: ${strict.join(", ")}`);
  const object = result.object as Draft<AnyObject>;
  object.apiVersion = apiVersion;
  object.kind = read.kind;
  return { object, warnings: fieldValidation === "Warn" ? [...read.repeated, ...result.strict] : [] };
};

/** What goes wrong before the kind is known is answered in words of its own. */
const recognized = ({ body, mediaType, expected }: DecodeRequest): ReadBody => {
  try {
    return readBody(body, mediaType, expected);
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw unrecognized(body, expected.kind, error);
  }
};

/** The refusal of a body of which not even the kind can be told. */
export const unrecognized = (body: Uint8Array, kind: string, error: UnreadableBody): StatusError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${error.message} (${summaryOf(body)})`);

/** Undefined where the kind is registered but not served: it is known by name only. */
const valueIn = (schema: ObjectSchema | undefined, read: ReadBody, strict: boolean): DecodedValue | undefined => {
  if (schema === undefined) return undefined;
  try {
    return decodeValue(schema, read.parsed(schema), strict);
  } catch (error) {
    if (error instanceof DecodeError) return { object: {}, error: error.message, strict: [] };
    throw error;
  }
};

const notRegistered = (apiVersion: string, kind: string, { group }: GroupVersionKind): string =>
  `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme ${JSON.stringify(schemeOf(group))}`;

/** Versions of one kind convert to each other, and so do both groups' events. */
const isConvertible = (actual: GroupVersionKind, expected: GroupVersionKind): boolean =>
  actual.kind === expected.kind && internalPackage(actual.group) === internalPackage(expected.group);

const unknownConversion = (actual: GroupVersionKind, expected: GroupVersionKind): string =>
  `converting (${actual.version}.${actual.kind}) to (${internalPackage(expected.group)}.${expected.kind}): unknown conversion`;

const repeatedInYaml = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`yaml: unmarshal errors:\n${lines.map((line) => `  ${line}`).join("\n")}`];

/** Go's name for the package of an internal type: `core`, `apps`. Events of both groups are one type inside. */
const internalPackage = (group: string): string => (group === "" || group === "events.k8s.io" ? "core" : group.split(".")[0]!);

/** Upstream's schemes bear the place in the source where they are made. */
const schemeOf = (group: string): string => {
  if (group === "apiextensions.k8s.io") return "k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:53";
  if (group === "apiregistration.k8s.io") return "k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28";
  return "pkg/api/legacyscheme/scheme.go:30";
};

const longestSummary = 30;
const openBrace = 0x7b;

/** The beginning of a body as upstream's summarizeData shows it: JSON objects as they are, anything else in hexadecimal. */
const summaryOf = (body: Uint8Array): string => {
  if (body.length === 0) return "<empty>";
  const start = Buffer.from(body.subarray(0, longestSummary));
  return start.toString(body[0] === openBrace ? "utf8" : "hex") + (body.length > longestSummary ? " ..." : "");
};
