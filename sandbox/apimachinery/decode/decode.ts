import { badRequest } from "../errors/constructors.ts";
import type { AnyObject, Draft } from "../meta/types.ts";
import type { ObjectSchema, SchemaSource } from "../schema/schema.ts";
import { DecodeError, DecodeRun } from "./decode-run.ts";
import { objectDecoder } from "./decoder.ts";
import { kindOfBody, type GroupVersionKind } from "./body-kind.ts";
import { parseBody, UnreadableBody, type ParsedBody, type TextMediaType } from "./parse-body.ts";

/** What upstream calls a scheme: schemas by kind, and which kinds there are besides. Version packs are one. */
export interface Scheme extends SchemaSource {
  isRegistered(apiVersion: string, kind: string): boolean;
}

/** What the API server does with fields that it does not know, or that are there twice. */
export type FieldValidation = "Ignore" | "Warn" | "Strict";

export interface DecodeRequest {
  readonly body: Uint8Array;
  readonly mediaType: TextMediaType;
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
 * (transformDecodeError) for what is no JSON, of another kind, of wrong types, or, with `Strict`, has unknown or repeated fields.
 */
export const decodeObject = (scheme: Scheme, { body, mediaType, expected, fieldValidation }: DecodeRequest): Decoded => {
  const parsed = recognized(body, expected, () => parseBody(body, mediaType));
  const actual = recognized(body, expected, () => kindOfBody(parsed.value, expected));
  const refused = (why: string): Error =>
    badRequest(`${actual.kind} in version ${JSON.stringify(actual.version)} cannot be handled as a ${expected.kind}: ${why}`);
  const apiVersion = actual.group === "" ? actual.version : `${actual.group}/${actual.version}`;
  if (!scheme.isRegistered(apiVersion, actual.kind))
    throw refused(
      `no kind ${JSON.stringify(actual.kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "${schemeOf(expected.group)}"`,
    );
  const schema = scheme.schemaOf(apiVersion, actual.kind);
  const result = schema === undefined ? undefined : decodeValue(schema, parsed, fieldValidation !== "Ignore");
  if (result?.error !== undefined) throw refused(result.error);
  if (
    actual.kind !== expected.kind ||
    (actual.group !== expected.group && internalPackage(actual.group) !== internalPackage(expected.group))
  )
    throw refused(
      `converting (${goPackage(actual)}.${actual.kind}) to (${internalPackage(expected.group)}.${expected.kind}): unknown conversion`,
    );
  if (result === undefined) throw otherVersion(apiVersion, expected);
  const strict = [
    ...(parsed.repeated.length > 0 ? [`yaml: unmarshal errors:\n${parsed.repeated.map((line) => `  ${line}`).join("\n")}`] : []),
    ...result.strict,
  ];
  if (fieldValidation === "Strict" && strict.length > 0) throw refused(`strict decoding error: ${strict.join(", ")}`);
  const object = result.object as Draft<AnyObject>;
  object.apiVersion = apiVersion;
  object.kind = actual.kind;
  return { object, warnings: fieldValidation === "Warn" ? [...parsed.repeated, ...result.strict] : [] };
};

/** Go's name for the package of an internal type: `core`, `apps`. Events of both groups are one type inside. */
const internalPackage = (group: string): string => (group === "" || group === "events.k8s.io" ? "core" : group.split(".")[0]!);

/** Options and Status live in meta/v1, whatever group they are sent in. */
const goPackage = ({ version }: GroupVersionKind): string => version;

const otherVersion = (apiVersion: string, { group, version }: GroupVersionKind): Error =>
  badRequest(
    `the API version in the data (${apiVersion}) does not match the expected API version (${group === "" ? version : `${group}/${version}`})`,
  );

/** Upstream's schemes bear the place in the source where they are made. */
const schemeOf = (group: string): string => {
  if (group === "apiextensions.k8s.io") return "k8s.io/apiextensions-apiserver/pkg/apiserver/apiserver.go:53";
  if (group === "apiregistration.k8s.io") return "k8s.io/kube-aggregator/pkg/apiserver/scheme/scheme.go:28";
  return "pkg/api/legacyscheme/scheme.go:30";
};

/** What goes wrong before the kind is known is answered in other words. */
const recognized = <T>(body: Uint8Array, expected: GroupVersionKind, attempt: () => T): T => {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    throw badRequest(`the object provided is unrecognized (must be of type ${expected.kind}): ${error.message} (${summaryOf(body)})`);
  }
};

const longestSummary = 30;
const openBrace = 0x7b;

/** The beginning of a body as upstream's summarizeData shows it: JSON objects as they are, anything else in hexadecimal. */
const summaryOf = (body: Uint8Array): string => {
  if (body.length === 0) return "<empty>";
  const start = Buffer.from(body.subarray(0, longestSummary));
  return start.toString(body[0] === openBrace ? "utf8" : "hex") + (body.length > longestSummary ? " ..." : "");
};

export interface DecodedValue {
  readonly object: Draft<Record<string, unknown>>;
  /** The first value of a wrong type or form, in Go's words; the object is then not to be used. */
  readonly error?: string;
  /** `unknown field "spec.foo"`, `duplicate field "x"`. */
  readonly strict: readonly string[];
}

/** Decodes a value that is JSON already (a patched object, an apply configuration) into what Go would print of it. The value is not changed. */
export const decodeValue = (
  schema: ObjectSchema,
  parsed: Pick<ParsedBody, "value" | "reread" | "members" | "places">,
  strict: boolean,
): DecodedValue => {
  const run = new DecodeRun(strict, parsed.places);
  try {
    const object = decoderFor(schema)(parsed.value ?? {}, run) as Draft<Record<string, unknown>> | undefined;
    if (run.typeError !== undefined || object === undefined) return { object: {}, error: run.typeError ?? "", strict: [] };
    if (strict && parsed.reread !== undefined && parsed.members !== run.members) return decodeValue(schema, parsed.reread(), strict);
    return { object, strict: run.strictErrors };
  } catch (error) {
    if (error instanceof DecodeError) return { object: {}, error: error.message, strict: [] };
    throw error;
  }
};

const decoders = new WeakMap<ObjectSchema, ReturnType<typeof objectDecoder>>();

const decoderFor = (schema: ObjectSchema): ReturnType<typeof objectDecoder> => {
  const known = decoders.get(schema);
  if (known !== undefined) return known;
  const decoder = objectDecoder(schema, schema.name?.split(".").slice(-2).join("."));
  decoders.set(schema, decoder);
  return decoder;
};
